use std::env;
use std::path::PathBuf;

/// Where `buf/validate/validate.proto` lies: one copy for the whole repository.
const INCLUDE: &str = "../../proto/third_party";
const FILE: &str = "buf/validate/validate.proto";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed={INCLUDE}/{FILE}");

    let base_path = PathBuf::from(
        env::var("OUT_DIR")
            .map_err(|err| format!("missing OUT_DIR environment variable: {err}"))?,
    );
    let descriptor_path = base_path.join("file_descriptor_set.bin");

    let descriptors = protox::Compiler::new([INCLUDE])?
        .include_source_info(true)
        .include_imports(true)
        .open_file(FILE)?
        .encode_file_descriptor_set();
    std::fs::write(&descriptor_path, descriptors)?;

    let mut config = prost_build::Config::new();
    config
        .file_descriptor_set_path(&descriptor_path)
        .skip_protoc_run();

    // With `reflect`, prost-reflect-build wires `ReflectMessage` derives and
    // the `DESCRIPTOR_POOL` static into the generated types. Without it,
    // plain prost-build emits reflection-free types (same file name, same
    // module shape) for the slim build.
    #[cfg(feature = "reflect")]
    prost_reflect_build::Builder::new()
        .file_descriptor_set_path(&descriptor_path)
        .descriptor_pool("DESCRIPTOR_POOL")
        .compile_protos_with_config(config, &[FILE], &[INCLUDE])?;

    #[cfg(not(feature = "reflect"))]
    config.compile_protos(&[FILE], &[INCLUDE])?;

    Ok(())
}
