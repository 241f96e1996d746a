//! Compiles `/proto` with protox (pure Rust, no protoc) into OUT_DIR: messages, clients and servers, field rules, and the table
//! of access rules. The build fails if an RPC lacks its access rule.

use std::error::Error;
use std::path::{Path, PathBuf};

use prost_reflect::DescriptorPool;

#[path = "build/access_table.rs"]
mod access_table;
#[path = "build/field_rules.rs"]
mod field_rules;

/// The protos of the whole product.
const PROTO_DIR: &str = "../../proto";
/// What they import.
const THIRD_PARTY_DIR: &str = "../../proto/third_party";

fn main() -> Result<(), Box<dyn Error>> {
    // tonic-prost-build does not print this for a folder outside the crate.
    println!("cargo:rerun-if-changed={PROTO_DIR}");
    println!("cargo:rerun-if-changed=build");
    let out_dir = PathBuf::from(std::env::var("OUT_DIR")?);

    let mut compiler = protox::Compiler::new([PROTO_DIR, THIRD_PARTY_DIR])?;
    compiler.include_source_info(true).include_imports(true).open_files(own_files(Path::new(PROTO_DIR))?)?;

    // Encoded by the compiler itself: prost_types would drop the custom options (field rules, access rules).
    let encoded = compiler.encode_file_descriptor_set();
    std::fs::write(out_dir.join("keikka.descriptors.bin"), &encoded)?;
    let pool = DescriptorPool::decode(encoded.as_slice())?;

    // google.protobuf maps to prost_types; what only declares options (google.api, buf.validate) needs no Rust code.
    let mut coded = compiler.file_descriptor_set();
    coded.file.retain(|file| ["keikka.", "google.protobuf"].iter().any(|own| file.package().starts_with(own)));
    tonic_prost_build::configure().compile_fds(coded)?;

    prost_protovalidate_build::Builder::new()
        .file_descriptor_set_bytes(encoded)
        .fail_on_runtime_only(true)
        .out_dir(&out_dir)
        .compile()?;
    let rules = std::fs::read_to_string(out_dir.join("validate_impl.rs"))?;
    std::fs::write(out_dir.join("field_rules.rs"), field_rules::generate(&pool, &rules))?;
    std::fs::write(out_dir.join("access_table.rs"), access_table::generate(&pool)?)?;
    Ok(())
}

/// Every proto file of the product, sorted: `keikka/**/*.proto`.
fn own_files(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut folders = vec![root.join("keikka")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "proto") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
