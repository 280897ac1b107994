// Says whether this machine sees a second, extended screen.

/** Which sentence is true here: Firefox never says how many screens there are, other browsers only over https. */
function whatIsKnown() {
  if (!window.isSecureContext) return "unknown";
  if (window.screen.isExtended === undefined) return "silent";
  return window.screen.isExtended ? "two" : "one";
}

export function connect(root) {
  const said = root.querySelector("[data-screens-said]");
  said.textContent = said.dataset[whatIsKnown()];
}
