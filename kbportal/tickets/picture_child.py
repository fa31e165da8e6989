"""The process that paints one picture anew for `pictures`: the only user of Pillow.

It reads the picture from its standard input, limits itself, and dies of what takes too much.
Points are counted from the head of the file, before any memory is taken for them.
"""

from __future__ import annotations

import io
import resource
import sys

from PIL import GifImagePlugin, Image, ImageOps, ImageSequence

MAX_POINTS = 25_000_000
"""More than the largest screens have; photographs beyond it are read at half their size."""
MAX_MOVING_POINTS = 40_000_000
"""Of all frames of a moving picture together: 50 of 1000 by 800 take four seconds."""
MEMORY_BYTES = 512 * 2**20
PROCESSOR_S = 5
"""A picture of 10 MB takes up to four; one made to be slow takes all that there is."""

FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}
_MODES = {
    "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    "JPEG": {"L", "RGB"},
    "WEBP": {"RGB", "RGBA"},
}
_HOW: dict[str, dict[str, object]] = {
    "PNG": {"compress_level": 6},
    "JPEG": {"quality": 90},
    "WEBP": {"quality": 90, "method": 3},
}


def main() -> int:
    """Paint the picture on standard input to standard output; 1 if it is refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    try:
        painted = repainted(sys.stdin.buffer.read(), FORMATS[sys.argv[1]])
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not taken
        return 1
    sys.stdout.buffer.write(painted)
    return 0


def repainted(content: bytes, kind: str) -> bytes:
    """The picture alone, turned upright. Raises whatever Pillow finds wrong, or ValueError."""
    Image.MAX_IMAGE_PIXELS = None  # counted here, by a rule of our own
    with Image.open(io.BytesIO(content), formats=(kind,)) as image:
        if kind == "GIF":
            return _frames_repainted(image)
        if kind == "JPEG":
            _shrink(image)
        elif getattr(image, "n_frames", 1) > 1:
            raise ValueError("it moves")
        if image.width * image.height > MAX_POINTS:
            raise ValueError("it has too many points")
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode not in _MODES[kind]:
            upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        if kind == "JPEG" and upright.mode == "RGBA":
            upright = upright.convert("RGB")
        # What lies beside the picture would be written again, the transparent colour excepted.
        upright.info = {
            name: value for name, value in upright.info.items() if name == "transparency"
        }
        out = io.BytesIO()
        upright.save(out, kind, **_HOW[kind])
        return out.getvalue()


def _frames_repainted(image: Image.Image) -> bytes:
    """All frames, for how long each is shown and how often it goes round; nothing else."""
    GifImagePlugin.LOADING_STRATEGY = (
        GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
    )
    if image.width * image.height * getattr(image, "n_frames", 1) > MAX_MOVING_POINTS:
        raise ValueError("it has too many points")
    frames, lasting = [], []
    for frame in ImageSequence.Iterator(image):
        lasting.append(int(frame.info.get("duration", 100)))
        copy = frame.copy()
        copy.info = {"transparency": t} if (t := frame.info.get("transparency")) is not None else {}
        frames.append(copy)
    # Where one can look through a frame, the one before it must be gone.
    clear = any(one.has_transparency_data for one in frames)
    how: dict[str, object] = {"disposal": 2} if clear else {}
    if (rounds := image.info.get("loop")) is not None:
        how["loop"] = int(rounds)
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=lasting, **how
    )  # fmt: skip
    return out.getvalue()


def _shrink(image: Image.Image) -> None:
    """Let a very large photograph be read at a half, a quarter or an eighth of its size."""
    width, height = image.size
    for part in (1, 2, 4, 8):
        if width * height / part**2 <= MAX_POINTS:
            if part > 1:
                image.draft(None, (-(-width // part), -(-height // part)))
            return


if __name__ == "__main__":
    sys.exit(main())
