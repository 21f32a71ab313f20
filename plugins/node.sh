# Read by each launcher beside it, with $here set: sets $node, and takes out of NODE_OPTIONS what would run in the plugin or write
# into its protocol (src/platform/environment/node-options.ts has the same list; a test compares).
node=${SWARM_NODE:-$here/node_modules/node/bin/node}
[ -x "$node" ] || node=node
set -f
kept= into=removed value=
for word in ${NODE_OPTIONS-}; do
  case $word in
  -*)
    into=removed value=
    case $(printf %s "$word" | tr _ -) in
    *\"*) ;;
    --max-http-header-size | --openssl-config | --tls-cipher-list | --tls-keylog | --dns-result-order | \
      --network-family-autoselection-attempt-timeout | --icu-data-dir | --disable-warning) into=kept value=next ;;
    --max-old-space-size=* | --max-old-space-size-percentage=* | --max-semi-space-size=* | --max-http-header-size=* | \
      --use-system-ca | --use-openssl-ca | --use-bundled-ca | --openssl-config=* | --openssl-shared-config | \
      --openssl-legacy-provider | --enable-fips | --force-fips | --tls-* | --dns-result-order=* | \
      --network-family-autoselection | --no-network-family-autoselection | \
      --network-family-autoselection-attempt-timeout=* | --icu-data-dir=* | --use-env-proxy | --no-warnings | \
      --disable-warning=* | --no-deprecation) into=kept ;;
    esac
    ;;
  *)
    [ "$value" = next ] || into=removed
    value=
    ;;
  esac
  [ $into = removed ] || kept="$kept $word"
done
set +f
NODE_OPTIONS=${kept# }
export NODE_OPTIONS
unset NODE_V8_COVERAGE NODE_DEBUG NODE_PENDING_DEPRECATION
