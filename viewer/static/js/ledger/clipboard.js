// Copying and pasting blocks the way Excel writes them: tabs between cells, lines between rows, quotes round line breaks.

export function parseBlock(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let i = 0; i < source.length; i += 1) {
    const letter = source[i];
    if (quoted) {
      if (letter === '"' && source[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t" || letter === "\n") {
      rows[rows.length - 1].push(cell);
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  rows[rows.length - 1].push(cell);
  return rows;
}

export function writeBlock(rows) {
  return rows.map((row) => row.map((cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\n");
}

export function amount(text) {
  const plain = text.trim().replace(/\s*(đồng|đ)$/i, "");
  if (!/^-?\d{1,3}([.,\s]\d{3})*$|^-?\d+$/.test(plain)) return null;
  return Number(plain.replace(/[.,\s]/g, ""));
}
