// The way back from the office's directory: <origin>/?code=...&state=... (or error=...). It leaves the address, and with
// it the history, before anything is drawn; the server takes it once.
export type Return = { state: string; code: string };
let returned: Return | 'refused' | null = null;

export function takeReturn() {
  const query = new URLSearchParams(location.search);
  const state = query.get('state');
  const code = query.get('code');
  if (!state || !(code || query.has('error'))) return;
  returned = code ? { state, code } : 'refused';
  history.replaceState(null, '', '/#/');
}

// Gives it once.
export function spendReturn(): Return | 'refused' | null {
  const given = returned;
  returned = null;
  return given;
}
