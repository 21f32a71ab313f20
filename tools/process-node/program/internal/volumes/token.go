package volumes

import (
	"context"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// renewAt is the part of its life after which a token is renewed, as the kubelet does.
const renewAt = 0.8

type token struct {
	text  string
	renew time.Time
}

// token asks for a token of the pod's ServiceAccount that is bound to the pod: it ends with it.
func (p *Pod) token(ctx context.Context, source *corev1.ServiceAccountTokenProjection) ([]byte, error) {
	key := source.Audience + " " + source.Path
	if known := p.tokens[key]; known != nil && time.Now().Before(known.renew) {
		return []byte(known.text), nil
	}
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		ExpirationSeconds: source.ExpirationSeconds,
		BoundObjectRef: &authenticationv1.BoundObjectReference{
			APIVersion: "v1", Kind: "Pod", Name: p.Pod.Name, UID: p.Pod.UID,
		},
	}}
	if source.Audience != "" {
		request.Spec.Audiences = []string{source.Audience}
	}
	asked := time.Now()
	account := p.Pod.Spec.ServiceAccountName
	answer, err := p.Client.CoreV1().ServiceAccounts(p.Pod.Namespace).CreateToken(ctx, account, request, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	life := answer.Status.ExpirationTimestamp.Sub(asked)
	if p.tokens == nil {
		p.tokens = map[string]*token{}
	}
	p.tokens[key] = &token{answer.Status.Token, asked.Add(time.Duration(float64(life) * renewAt))}
	return []byte(answer.Status.Token), nil
}
