//! From uploaded bytes to the images that are kept.
//!
//! The content decides the type, never the name. Nothing of the upload is kept as it came: decoding and encoding anew leaves
//! out meta data and whatever else was hidden in the file. Of an animation the first picture is kept.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader};

/// The greatest width and height.
const MAX_SIDE: u32 = 4096;
/// What decoding may take at most: one picture of the greatest size, with four channels.
const MAX_ALLOCATION: u64 = 64 * 1024 * 1024;
/// High enough that a photograph shows no loss.
const JPEG_QUALITY: u8 = 90;

/// A size in which an image is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// As it came.
    Full,
    /// Fitted into 400 × 400.
    Medium,
    /// Fitted into 100 × 100.
    Small,
}

impl Size {
    pub(crate) const ALL: [Self; 3] = [Self::Full, Self::Medium, Self::Small];

    /// What stands before the name.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Medium => "medium_",
            Self::Small => "small_",
        }
    }

    const fn side(self) -> u32 {
        match self {
            Self::Full => MAX_SIDE,
            Self::Medium => 400,
            Self::Small => 100,
        }
    }
}

/// The bytes are no image of a supported format, damaged, or too large in width or height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unsupported;

impl From<ImageError> for Unsupported {
    fn from(error: ImageError) -> Self {
        tracing::debug!(%error, "an image is refused");
        Self
    }
}

/// An image in all its sizes, ready to be kept.
#[derive(Debug)]
pub(crate) struct Rendered {
    format: ImageFormat,
    sizes: [(Size, Bytes); 3],
}

impl Rendered {
    /// Decodes and encodes. Takes up to a second of one core for the largest images.
    pub(crate) fn new(bytes: &[u8]) -> Result<Self, Unsupported> {
        let format = image::guess_format(bytes)?;
        if !matches!(
            format,
            ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::Png | ImageFormat::Bmp
        ) {
            return Err(Unsupported);
        }
        let (width, height) =
            ImageReader::with_format(Cursor::new(bytes), format).into_dimensions()?;
        if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
            return Err(Unsupported);
        }
        let picture = decode(bytes, format)?;
        let full = encode(&picture, format)?;
        let resized = |size: Size| {
            if picture.width() <= size.side() && picture.height() <= size.side() {
                return Ok(full.clone());
            }
            let smaller = picture.resize(size.side(), size.side(), FilterType::Triangle);
            let format = match format {
                ImageFormat::Jpeg => ImageFormat::Jpeg,
                _ => ImageFormat::Png,
            };
            encode(&smaller, format)
        };
        let sizes = [
            (Size::Medium, resized(Size::Medium)?),
            (Size::Small, resized(Size::Small)?),
            (Size::Full, full),
        ];
        Ok(Self { format, sizes })
    }

    /// The extension that belongs to the content.
    pub(crate) const fn extension(&self) -> &'static str {
        match self.format {
            ImageFormat::Jpeg => "jpg",
            ImageFormat::Gif => "gif",
            ImageFormat::Bmp => "bmp",
            _ => "png",
        }
    }

    /// The encoded sizes.
    pub(crate) fn into_sizes(self) -> [(Size, Bytes); 3] {
        self.sizes
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Unsupported> {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    decoder.set_limits(limits)?;
    if decoder.total_bytes() > MAX_ALLOCATION {
        return Err(Unsupported);
    }
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    // It is told by the meta data, which is not kept.
    picture.apply_orientation(orientation);
    Ok(eight_bits(picture))
}

/// Sixteen bits a channel are more than any of the smaller formats can hold and any screen shows.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma8(_)
        | DynamicImage::ImageLumaA8(_)
        | DynamicImage::ImageRgb8(_)
        | DynamicImage::ImageRgba8(_) => picture,
        DynamicImage::ImageLuma16(_) => picture.into_luma8().into(),
        DynamicImage::ImageLumaA16(_) => picture.into_luma_alpha8().into(),
        DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgb32F(_) => picture.into_rgb8().into(),
        _ => picture.into_rgba8().into(),
    }
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Result<Bytes, Unsupported> {
    let mut bytes = Vec::new();
    match format {
        ImageFormat::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
        }
        // The encoder of this format takes four channels only.
        ImageFormat::Gif => DynamicImage::from(picture.to_rgba8())
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Gif)?,
        format => picture.write_to(&mut Cursor::new(&mut bytes), format)?,
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 7])
        });
        let mut bytes = Vec::new();
        let picture = DynamicImage::from(picture);
        let picture = if format == ImageFormat::Gif { picture.to_rgba8().into() } else { picture };
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn shape(bytes: &[u8]) -> (ImageFormat, u32, u32) {
        let picture = image::load_from_memory(bytes).unwrap();
        (image::guess_format(bytes).unwrap(), picture.width(), picture.height())
    }

    #[test]
    fn sizes_fit_and_keep_their_shape() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png};
        for (format, resized, extension) in
            [(Jpeg, Jpeg, "jpg"), (Gif, Png, "gif"), (Png, Png, "png"), (Bmp, Png, "bmp")]
        {
            let image = Rendered::new(&sample(800, 600, format)).unwrap();
            assert_eq!(image.extension(), extension);
            for (size, bytes) in image.into_sizes() {
                let expected = match size {
                    Size::Full => (format, 800, 600),
                    Size::Medium => (resized, 400, 300),
                    Size::Small => (resized, 100, 75),
                };
                assert_eq!(shape(&bytes), expected, "{format:?} {size:?}");
            }
            // What fits already is not made larger, and keeps its format.
            for (size, bytes) in Rendered::new(&sample(90, 50, format)).unwrap().into_sizes() {
                assert_eq!(shape(&bytes), (format, 90, 50), "{format:?} {size:?}");
            }
        }
    }

    #[test]
    fn what_is_hidden_in_a_file_is_not_kept() {
        let mut bytes = sample(10, 10, ImageFormat::Png);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        for (_, kept) in Rendered::new(&bytes).unwrap().into_sizes() {
            assert!(!String::from_utf8_lossy(&kept).contains("script"));
        }
    }

    #[test]
    fn too_large_pictures_are_refused_by_their_header() {
        let mut bytes = sample(1, 1, ImageFormat::Bmp);
        bytes[18..22].copy_from_slice(&65_535_u32.to_le_bytes());
        bytes[22..26].copy_from_slice(&65_535_u32.to_le_bytes());
        assert_eq!(Rendered::new(&bytes).unwrap_err(), Unsupported);
        assert!(Rendered::new(&sample(4096, 1, ImageFormat::Png)).is_ok());
        assert_eq!(Rendered::new(&sample(4097, 1, ImageFormat::Png)).unwrap_err(), Unsupported);
        for bytes in
            [&b""[..], b"x", b"<svg/>", b"RIFF\0\0\0\0WEBPVP8 ", b"GIF89a", b"BM", b"\xff\xd8\xff"]
        {
            assert_eq!(Rendered::new(bytes).unwrap_err(), Unsupported);
        }
    }

    #[test]
    fn a_file_that_breaks_off_is_refused_or_shown_as_far_as_it_goes() {
        for format in [ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::Png, ImageFormat::Bmp] {
            let whole = sample(40, 40, format);
            for end in (0..whole.len()).step_by(64) {
                // Neither a panic nor an endless loop; whether a part is enough is for the format to say.
                let _ = Rendered::new(&whole[..end]);
            }
        }
    }
}
