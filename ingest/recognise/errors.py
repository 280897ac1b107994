"""Known ways in which reading a page goes wrong. The page is marked failed with the reason; the others go on."""

from config.errors import EXIT_UNABLE, ArchiveError


class ReaderHung(ArchiveError):
    """The reader did not answer within the time allowed for one page and was ended."""

    code = "READ-HUNG"
    vi = (
        "Trang {what} đọc quá {seconds} giây nên máy đã dừng lại. Ảnh trang vẫn nguyên vẹn và vẫn xem được; "
        "các trang khác vẫn được đọc tiếp. Hãy quét lại trang này, hoặc gõ tay chữ của trang."
    )
    en = (
        "Page {what} took longer than {seconds} s to read and was stopped. Its image is untouched and can be seen; "
        "the other pages go on. Scan this page again, or type its text."
    )
    retryable = True


class ReaderCrashed(ArchiveError):
    """The reader process ended while reading, or ran out of the memory it may use."""

    code = "READ-CRASHED"
    vi = (
        "Trang {what} làm bộ nhận dạng chữ dừng đột ngột. Ảnh trang vẫn nguyên vẹn và vẫn xem được; "
        "các trang khác vẫn được đọc tiếp. Hãy quét lại trang này, hoặc gõ tay chữ của trang."
    )
    en = (
        "Page {what} made the reader stop ({why}). Its image is untouched and can be seen; the other pages go on. "
        "Scan this page again, or type its text."
    )
    retryable = True


class PageUnreadable(ArchiveError):
    """The bytes are not an image that can be decoded within the limits."""

    code = "READ-IMAGE"
    vi = (
        "Không mở được ảnh của trang {what}: {why}. Tệp gốc vẫn nguyên vẹn. "
        "Hãy quét lại trang này rồi bỏ vào cùng đợt quét."
    )
    en = (
        "The image of page {what} cannot be opened: {why}. The original file is untouched. "
        "Scan this page again into the same batch."
    )


class LanguageMissing(ArchiveError):
    """The folder of language models does not hold a usable Vietnamese model."""

    code = "READ-LANGUAGE"
    vi = (
        "Chưa có bộ chữ tiếng Việt để nhận dạng trong {folder}. Các tệp đã nhận vẫn an toàn và sẽ được đọc "
        "khi có bộ chữ. Hãy nhờ quản trị chạy: archive doctor"
    )
    en = (
        "There is no usable Vietnamese model in {folder}. Files taken in are safe and will be read once it is there. "
        "Ask the administrator to run: archive doctor"
    )
    exit_code = EXIT_UNABLE
    status = 503
