/** The kind at the end of a type token. @example kindOf("kubernetes:apps/v1:Deployment") // "Deployment" */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
