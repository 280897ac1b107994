// Says whether this machine sees a second, extended screen.

export function connect(root) {
  const said = root.querySelector("[data-screens-said]");
  const extended = window.isSecureContext ? window.screen.isExtended : undefined;
  said.textContent = extended === undefined ? said.dataset.unknown : extended ? said.dataset.two : said.dataset.one;
}
