"""Known ways in which a file from outside cannot be taken in, or not read. ``docs/errors.md`` has a section per code.

The templates name the file; what is safe is always the same and said every time: the original is whole.
"""

from config.errors import EXIT_REFUSED, ArchiveError


class InputRefused(ArchiveError):
    """Base of the reasons for which a file is put aside in "cần xử lý"."""

    exit_code = EXIT_REFUSED
    status = 422


class InputEmpty(InputRefused):
    """A file of zero bytes."""

    code = "INPUT-EMPTY"
    vi = "{name} rỗng (0 byte), thường do máy quét bị ngắt giữa chừng. Hãy quét lại rồi chép lại vào thư mục quét."
    en = "{name} is empty (0 bytes), usually a scanner that was interrupted. Scan it again and drop it again."


class InputUnknown(InputRefused):
    """A file of a kind the archive does not take."""

    code = "INPUT-UNKNOWN"
    vi = (
        "Nội dung của {name} không thuộc loại kho nhận (PDF, ảnh quét, Word, Excel, ảnh, ghi âm, ghi hình). "
        "Tệp gốc còn nguyên. Nếu là tài liệu, hãy mở bằng chương trình đã tạo ra nó, xuất thành PDF rồi chép lại."
    )
    en = (
        "{name} is of no kind the archive takes (PDF, scanned image, Word, Excel, photo, audio, video). "
        "The original is whole. If it is a paper, open it in the program that made it and export it as PDF."
    )


class InputEncrypted(InputRefused):
    """A PDF or Office file that asks for a password."""

    code = "INPUT-ENCRYPTED"
    vi = (
        "{name} có mật khẩu nên chưa đọc được. Tệp gốc còn nguyên trong mục Tệp cần xử lý. "
        "Hãy bỏ mật khẩu rồi chép lại."
    )
    en = "{name} has a password and was not read. The original is whole. Remove the password and drop it again."


class InputTruncated(InputRefused):
    """A file whose end is missing; reading what is there would silently lose pages."""

    code = "INPUT-TRUNCATED"
    vi = (
        "{name} bị thiếu phần cuối (chép chưa xong hoặc quét bị ngắt) nên chưa nhận, để không mất trang. "
        "Phần đã có vẫn được giữ nguyên. Hãy chép hoặc quét lại cả tệp."
    )
    en = (
        "The end of {name} is missing (a copy or scan that was cut short); it was not taken so that no page is lost "
        "unseen. What is there is kept. Copy or scan the whole file again."
    )


class InputDamaged(InputRefused):
    """A file that cannot be opened, even after repair on a copy."""

    code = "INPUT-DAMAGED"
    vi = (
        "{name} bị hỏng nên không mở được. Tệp gốc còn nguyên như khi nhận. "
        "Hãy quét hoặc xuất lại rồi chép lại."
    )
    en = (
        "{name} is damaged and cannot be opened ({why}). It is kept as it came. "
        "Scan or export it again and drop it again."
    )


class InputPagesMissing(InputRefused):
    """A PDF that names more pages than can be opened: taking those that are there would lose the others unseen."""

    code = "INPUT-PAGES-MISSING"
    vi = (
        "{name} ghi là có {declared} trang nhưng chỉ mở được {pages} trang nên chưa nhận, để không mất trang. "
        "Tệp gốc còn nguyên như khi nhận. Hãy quét hoặc xuất lại cả tệp rồi chép lại."
    )
    en = (
        "{name} says that it has {declared} pages, but only {pages} can be opened; it was not taken so that no page is "
        "lost unseen. It is kept as it came. Scan or export the whole file again and drop it again."
    )


class InputTooLarge(InputRefused):
    """More bytes than the office allows for one file."""

    code = "INPUT-TOO-LARGE"
    vi = (
        "{name} lớn quá mức cho phép ({size_mb} MB, tối đa {limit_mb} MB). Tệp gốc còn nguyên. "
        "Hãy chia nhỏ rồi chép lại."
    )
    en = (
        "{name} is larger than allowed ({size_mb} MB, at most {limit_mb} MB). It is whole. "
        "Divide it and drop it again."
    )


class InputTooManyPages(InputRefused):
    """More pages than the office allows for one file."""

    code = "INPUT-TOO-MANY-PAGES"
    vi = (
        "{name} có {pages} trang, quá mức cho phép ({limit}). Tệp gốc còn nguyên. "
        "Hãy chia thành nhiều tệp rồi chép lại."
    )
    en = "{name} has {pages} pages, more than allowed ({limit}). It is whole. Divide it into files and drop them again."


class InputBomb(InputRefused):
    """A file that would unpack to far more than its size: refused before decoding."""

    code = "INPUT-BOMB"
    vi = (
        "{name} bung ra quá lớn so với kích thước tệp ({why}) nên không mở, để bảo vệ máy chủ. Tệp gốc còn nguyên. "
        "Nếu là tệp thật, hãy xuất lại ở độ phân giải thường dùng (300 dpi)."
    )
    en = (
        "{name} would unpack to far more than its size ({why}) and was not opened, to protect the server. It is whole. "
        "If it is genuine, export it again at a usual resolution (300 dpi)."
    )


class InputLink(InputRefused):
    """A symbolic link in the inbox: never followed."""

    code = "INPUT-LINK"
    vi = "{name} là đường dẫn tắt, không phải tệp thật, nên không nhận. Hãy chép chính tệp đó vào thư mục quét."
    en = "{name} is a link, not a file, and was not followed. Copy the file itself into the inbox."


class InputSpecial(InputRefused):
    """A pipe, socket or device in the inbox."""

    code = "INPUT-SPECIAL"
    vi = "{name} không phải tệp thường (ống dẫn hoặc thiết bị) nên không mở. Hãy xoá nó và chép tệp thật vào."
    en = "{name} is no regular file (a pipe or device) and was not opened. Remove it and copy a real file in."


class InputUnreadable(InputRefused):
    """A file the service has no permission to read. It stays where it is and is tried again."""

    code = "INPUT-UNREADABLE"
    vi = (
        "Dịch vụ chưa đọc được {name} (máy báo: {why}). Tệp còn nguyên tại chỗ và sẽ được thử lại. "
        "Hãy nhờ quản trị cấp quyền đọc thư mục quét."
    )
    en = (
        "The service may not read {name} ({why}). It stays where it is and is tried again. "
        "Ask the administrator for read permission on the inbox."
    )
    retryable = True


class ShareUnwritable(ArchiveError):
    """The service may not write into the inbox: sources stay there although they are stored, and nobody is told."""

    code = "SHARE-UNWRITABLE"
    vi = (
        "Dịch vụ không ghi được vào thư mục quét (máy báo: {why}) nên tệp đã nhận chưa rời thư mục và chưa có "
        "biên nhận. Tệp đã nhận vẫn an toàn trong kho. Hãy nhờ quản trị cấp quyền ghi thư mục quét."
    )
    en = (
        "The service may not write into the inbox ({why}): files taken in stay there, and there is no receipt yet. "
        "They are safe in the archive. Ask the administrator for write permission on the inbox."
    )
    retryable = True


class InputChanged(InputRefused):
    """A file that changed or vanished while it was copied. Nothing was taken; if it is there, it is tried again."""

    code = "INPUT-CHANGED"
    vi = "{name} bị sửa hoặc bị lấy đi trong lúc nhận nên chưa nhận. Nếu tệp còn đó, dịch vụ tự nhận lại sau ít giây."
    en = "{name} changed or went away while it was taken in, so it was not. If it is there, it is tried again soon."
    retryable = True


class SecretStop(InputRefused):
    """A page whose header bears a mark of state secrecy, on a machine that is not for secrets."""

    code = "SECRET-STOP"
    vi = (
        "Đợt quét {name} có trang mang dấu chỉ độ mật. Máy này không dành cho tài liệu mật: cả đợt quét đã dừng, "
        "không hiện ảnh, chữ hay kết quả tìm. Hãy báo người phụ trách bảo mật."
    )
    en = (
        "Batch {name} has a page bearing a mark of state secrecy. This machine is not for secrets: the whole batch is "
        "stopped; no image, text or search result is served. Tell the secrecy officer."
    )


class PageTooLarge(InputRefused):
    """One page with more pixels than the office allows to decode. The other pages go on."""

    code = "PAGE-TOO-LARGE"
    vi = (
        "Trang {what} quá lớn để đọc ({megapixels} triệu điểm ảnh, tối đa {limit}). Tệp gốc còn nguyên; các trang khác "
        "vẫn được đọc. Hãy quét lại trang này ở 300 dpi."
    )
    en = (
        "Page {what} is too large to read ({megapixels} megapixels, at most {limit}). The original is whole; the other "
        "pages go on. Scan this page again at 300 dpi."
    )


class PageDamaged(InputRefused):
    """One page whose image cannot be decoded. The other pages go on."""

    code = "PAGE-DAMAGED"
    vi = (
        "Trang {what} bị hỏng nên không hiện được ảnh. Tệp gốc còn nguyên; các trang khác vẫn được đọc. "
        "Hãy quét lại trang này rồi chép vào cùng đợt quét."
    )
    en = (
        "Page {what} is damaged and cannot be shown ({why}). The original is whole; the other pages go on. "
        "Scan this page again into the same batch."
    )


class JobCrashed(ArchiveError):
    """A piece of work ended its process each time it was tried."""

    code = "JOB-CRASHED"
    vi = (
        "Máy dừng đột ngột {attempts} lần khi xử lý nên không thử nữa (việc: {what}). Tệp gốc còn nguyên. "
        "Có thể bấm Thử lại; nếu vẫn vậy hãy báo quản trị cả dòng này."
    )
    en = (
        "{what} ended its process {attempts} times and is not tried again. The original is whole. "
        "Retry it; if it happens again, tell the administrator this code."
    )
    status = 500


class JobFailed(ArchiveError):
    """A piece of work met an error nobody foresaw; the log has the details under the reference."""

    code = "JOB-FAILED"
    vi = (
        "Máy gặp lỗi chưa rõ nguyên nhân khi xử lý (số tra cứu {reference}, việc: {what}). Tệp gốc còn nguyên. "
        "Có thể bấm Thử lại; nếu vẫn vậy hãy báo quản trị số tra cứu này."
    )
    en = (
        "{what} met an unforeseen error (reference {reference}, see the log). The original is whole. "
        "Retry it; if it happens again, tell the administrator this number."
    )
    status = 500


class ToolMissing(ArchiveError):
    """A program this step needs is not installed."""

    code = "TOOL-MISSING"
    vi = "Máy chủ thiếu chương trình {tool} nên chưa {what}. Tệp gốc còn nguyên. Hãy nhờ quản trị chạy: archive doctor"
    en = "The server lacks the program {tool}, so it could not {what}. The original is whole. Run: archive doctor"
    status = 503
    exit_code = 3


class AssembleFailed(ArchiveError):
    """The searchable PDF of a scan could not be made this time: the process was ended, or its disk was full."""

    code = "ASSEMBLE"
    vi = (
        "Chưa tạo được bản PDF có chữ của {name}. Tệp gốc còn nguyên, các trang vẫn xem và tìm được. "
        "Máy sẽ tự thử lại; nếu vẫn hỏng hãy quét lại tệp này."
    )
    en = (
        "The searchable PDF of {name} could not be made: {why}. The original is whole; its pages can be seen and "
        "searched. It is tried again by itself; if it keeps failing, scan this file again."
    )
    retryable = True


class AssembleImpossible(ArchiveError):
    """No searchable PDF can be made of what the scan holds; trying again gives the same answer."""

    code = "ASSEMBLE-CONTENT"
    vi = (
        "Không tạo được bản PDF có chữ của {name}. Tệp gốc còn nguyên, các trang vẫn xem và tìm được. "
        "Nếu cần bản PDF, hãy quét lại tệp này ở 300 dpi."
    )
    en = (
        "No searchable PDF can be made of {name}: {why}. The original is whole; its pages can be seen and searched. "
        "If the PDF is needed, scan this file again at 300 dpi."
    )
