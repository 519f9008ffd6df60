// Trusted Types: no code of ours writes HTML, so the only policy refuses it. React and PatternFly set '' to empty an
// element, OpenLayers sets 'M' to measure a font; scripts (our workers) must come from this origin.
type Policy = { createHTML: (s: string) => string; createScriptURL: (s: string) => string };
type Factory = { createPolicy: (name: string, policy: Policy) => unknown };

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;

factory?.createPolicy('default', {
  createHTML: (html) => {
    if (html === '' || html === 'M') return html;
    throw new TypeError('HTML is not written here');
  },
  createScriptURL: (url) => {
    if (new URL(url, location.href).origin === location.origin) return url;
    throw new TypeError('scripts come from this origin only');
  },
});

export {};
