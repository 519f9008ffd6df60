// A person code that another page hands over with the step in the history: never in an address.
export const handedCode = () => (history.state as { personCode?: string } | null)?.personCode ?? '';
