//! How large a packed file becomes: counted by unpacking it into nothing, because what a file says of its own size may be a lie.

use std::io::{Cursor, Read, copy, sink};

use zip::ZipArchive;

/// Most bytes of all parts unpacked.
pub(super) const UNZIPPED_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Most bytes of a part that is held in memory whole: the shared texts and the styles.
const HELD_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Most parts.
const PARTS_MAX: usize = 2_000;

/// Why a packed file is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    /// No such file format inside, or broken.
    Unreadable,
    /// Larger than the bound once unpacked.
    TooLarge,
}

/// Checks that a packed file stays within a bound when unpacked.
pub(super) fn within(bytes: &[u8], bytes_max: u64) -> Result<(), Packed> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Packed::Unreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(Packed::TooLarge);
    }
    let mut left = bytes_max;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Packed::Unreadable)?;
        let name = part.name().map_err(|_| Packed::Unreadable)?;
        let held = name.ends_with("sharedStrings.xml") || name.ends_with("styles.xml");
        let allowed = if held { left.min(HELD_BYTES_MAX) } else { left };
        let unpacked = copy(&mut part.take(allowed + 1), &mut sink()).map_err(|_| Packed::Unreadable)?;
        if unpacked > allowed {
            return Err(Packed::TooLarge);
        }
        left -= unpacked;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    #[test]
    fn a_small_file_that_unpacks_large_is_refused() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("part");
        archive.write_all(&vec![b' '; 300_000]).expect("written");
        let bytes = archive.finish().expect("archive").into_inner();
        assert!(bytes.len() < 3_000, "{}", bytes.len());
        assert_eq!(within(&bytes, 300_000), Ok(()));
        assert_eq!(within(&bytes, 299_999), Err(Packed::TooLarge));
        assert_eq!(within(&bytes[..bytes.len() / 2], 300_000), Err(Packed::Unreadable));
    }
}
