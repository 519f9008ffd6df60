// A one-time link is <origin>/#/sign-in/TOKEN. The token leaves the address, and with it the history, at once.
let token: string | null = null;

export function takeLinkToken() {
  const found = /^#\/sign-in\/([^/?#]+)$/.exec(location.hash);
  if (!found) return;
  token = decodeURIComponent(found[1]!);
  history.replaceState(null, '', '/#/');
}

export const hasLinkToken = () => token !== null;

// Gives the token once.
export function spendLinkToken(): string | null {
  const given = token;
  token = null;
  return given;
}

// A link that is opened in a page that already runs changes only the fragment: start afresh with it.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#/sign-in/')) location.reload();
});
