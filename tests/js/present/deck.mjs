// A small presentation for the tests: six pages of two documents, one that must be asked about, one never to be shown.
export function sampleDeck(extra = {}) {
  const page = (n, more = {}) => ({
    key: `p${n}`, label: `BL ${n}`, number: String(n), volume: "1", state: "confirmed", rule: "allow", document: n < 4 ? 1 : 2,
    text: `trang ${n}`, first: n === 1 || n === 4, ...more,
  });
  const picture = (id, key) => ({ id, kind: "picture", rule: "allow", label: key, panes: [{ key, region: null, marks: [{ type: "highlight", box: [0, 0, 0.1, 0.1] }] }] });
  return {
    situations: [
      { id: 1, title: "Bị cáo chối", cues: [
        picture(11, "p1"),
        { id: 12, kind: "pair", rule: "allow", label: "hai lời khai", panes: [{ key: "p2", region: null, marks: [] }, { key: "p3", region: null, marks: [] }] },
        { id: 13, kind: "text", rule: "allow", label: "", panes: [], text: { title: "Điều 173", body: "Tội trộm cắp tài sản" } },
      ] },
      { id: 2, title: "Nhân chứng vắng mặt", cues: [picture(14, "p4")] },
    ],
    pages: [page(1), page(2), page(3), page(4, { number: "112a" }), page(5, { rule: "ask", state: "proposed" }), page(6, { rule: "never" })],
    documents: [
      { id: 1, number: "12/KLGĐ-PC09", title: "Kết luận giám định", pages: ["p1", "p2", "p3"] },
      { id: 2, number: null, title: "Biên bản ghi lời khai Đặng Thị Mận", pages: ["p4", "p5", "p6"] },
    ],
    redactions: {}, ...extra,
  };
}
