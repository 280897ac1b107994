"""Pages the tests draw themselves with the Liberation fonts of the system: print, stamps, numbers, wear."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype/liberation2")
BODY = (
    "Hôm nay, tại trụ sở Viện kiểm sát nhân dân, chúng tôi tiến hành lập biên bản ghi lời khai.",
    "Người khai trình bày: tôi là chủ căn nhà số mười hai, đường Lê Lợi, thành phố Cần Thơ.",
    "Khoảng tám giờ sáng, tôi thấy một người đàn ông đứng trước cổng và hỏi đường đến chợ.",
    "Sau đó tôi phát hiện mất một chiếc xe máy để ở trong sân, trị giá khoảng hai mươi triệu đồng.",
    "Tôi đề nghị cơ quan điều tra làm rõ và xử lý người đã lấy trộm theo quy định của pháp luật.",
)


def font(size: int, name: str = "LiberationSerif-Regular") -> ImageFont.FreeTypeFont:
    """A Liberation font at a size in pixels."""
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


def page(dpi: int = 200, repeat: int = 2, header: bool = True) -> Image.Image:
    """An A4 page of print in colour mode."""
    width, height, em = round(8.27 * dpi), round(11.69 * dpi), round(13 * dpi / 72)
    image = Image.new("RGB", (width, height), (252, 252, 250))
    pen = ImageDraw.Draw(image)
    bold = font(em, "LiberationSerif-Bold")
    if header:
        pen.text((0.26 * width, 0.05 * height), "VIỆN KIỂM SÁT NHÂN DÂN", fill="black", font=font(em), anchor="ma")
        pen.text((0.26 * width, 0.07 * height), "THÀNH PHỐ CẦN THƠ", fill="black", font=bold, anchor="ma")
        pen.text((0.7 * width, 0.05 * height), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", fill="black",
                 font=font(round(em * 0.85), "LiberationSerif-Bold"), anchor="ma")  # fmt: skip
        pen.text((0.7 * width, 0.07 * height), "Độc lập - Tự do - Hạnh phúc", fill="black", font=bold, anchor="ma")
        pen.text((0.5 * width, 0.14 * height), "BIÊN BẢN GHI LỜI KHAI", fill="black", font=bold, anchor="ma")
    top = 0.19 * height
    for sentence in BODY * repeat:
        pen.text((0.1 * width, top), sentence, fill="black", font=font(round(em * 0.82)))
        top += 2.0 * em
    return image


def stamp(image: Image.Image, text: str, at: tuple[float, float], colour: tuple[int, int, int] = (200, 30, 45),
          dpi: int = 200, degrees: float = 2.0) -> Image.Image:  # fmt: skip
    """The page with a framed stamp put on it."""
    em = round(15 * dpi / 72)
    letters = font(em, "LiberationSans-Bold")
    box = ImageDraw.Draw(image).multiline_textbbox((0, 0), text, font=letters, spacing=em // 3)
    size = (int(box[2]) + 2 * em // 2, int(box[3]) + em)
    layer = Image.new("RGBA", size, (*colour, 0))
    pen = ImageDraw.Draw(layer)
    pen.rectangle((2, 2, size[0] - 3, size[1] - 3), outline=(*colour, 255), width=max(2, em // 12))
    pen.multiline_text((em // 2, em // 3), text, fill=(*colour, 255), font=letters, spacing=em // 3)
    layer = layer.rotate(degrees, expand=True, resample=Image.Resampling.BICUBIC)
    result = image.copy()
    result.paste(layer, (int(at[0] * image.width), int(at[1] * image.height)), layer)
    return result


def number(image: Image.Image, text: str, colour: tuple[int, int, int] = (190, 30, 40), dpi: int = 200) -> Image.Image:
    """The page with a number stamped in its upper right corner."""
    result = image.copy()
    ImageDraw.Draw(result).text((0.88 * image.width, 0.018 * image.height), text, fill=colour,
                                font=font(round(18 * dpi / 72), "LiberationMono-Regular"))  # fmt: skip
    return result


def worn(image: Image.Image, noise: float = 14.0, shade: float = 0.5) -> Image.Image:
    """The page grey, in the shadow of a fold, with paper noise."""
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    across = np.exp(-(((np.arange(grey.shape[1]) / grey.shape[1] - 0.45) / 0.06) ** 2))
    rng = np.random.default_rng(7)
    grey = (60 + grey * 0.55) * (1 - (1 - shade) * across)[None, :] + rng.normal(0, noise, grey.shape)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str = "JPEG", dpi: int = 200, **more: object) -> bytes:
    """The image as a file's bytes."""
    stream = io.BytesIO()
    image.save(stream, kind, dpi=(dpi, dpi), **more)
    return stream.getvalue()
