//! Files that the user names, `-` being stdin.

use std::io::Read;
use std::path::Path;

use crate::failure::Failure;

/// Largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Largest JSON document of one resource: the server takes a quarter of it.
const JSON_BYTES_MAX: u64 = 1024 * 1024;
/// Largest key file: a key is some eighty characters.
const KEY_BYTES_MAX: u64 = 4096;
/// What some editors begin a UTF-8 file with.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a file, or of stdin for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_within(path, FILE_BYTES_MAX, "64 MiB")
}

/// The JSON in a file, or in stdin for `-`.
pub(crate) fn read_json(path: &Path) -> Result<serde_json::Value, Failure> {
    let bytes = read_within(path, JSON_BYTES_MAX, "1 MiB")?;
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::usage(format!("{} is no JSON", path.display())).because(error))
}

/// The text of a key file.
pub(crate) fn read_key(path: &Path) -> Result<String, Failure> {
    let bytes = read_within(path, KEY_BYTES_MAX, "4 KiB, and a key is not")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_within(path: &Path, bytes_max: u64, told: &str) -> Result<Vec<u8>, Failure> {
    let cannot = |why: String| {
        Failure::usage(format!("cannot read {}", path.display()))
            .because(why)
            .next("name a file that is there; - reads stdin")
    };
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(bytes_max + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| cannot(error.to_string()))?;
    if bytes.len() as u64 > bytes_max {
        return Err(cannot(format!("it is larger than {told}")));
    }
    Ok(bytes)
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let cannot = |error: std::io::Error| Failure::failed(format!("cannot write {}", path.display())).because(error);
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(cannot)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_file_is_private_even_if_it_was_not() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "old").expect("a file");
        write_private(&path, "new").expect("written");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode, read(&path).expect("read")), (0o600, b"new".to_vec()));
    }

    #[test]
    fn a_file_without_end_is_read_to_its_limit_only() {
        for read in [|path| read_json(path).map(|_| ()), |path| read_key(path).map(|_| ())] {
            let failure: Failure = read(Path::new("/dev/zero")).expect_err("too large");
            assert!(failure.text().contains("larger than"), "{}", failure.text());
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let failure = read(Path::new("/no/such/file")).expect_err("missing");
        assert!(failure.text().contains("/no/such/file"), "{}", failure.text());
    }
}
