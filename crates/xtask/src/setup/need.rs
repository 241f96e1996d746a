//! What building, running and testing needs beyond the Rust toolchain, and how to see whether a machine has it.

use std::env;
use std::path::{Path, PathBuf};

use crate::arguments::Purpose;
use crate::workspace;

/// One thing a machine must have.
pub(super) struct Need {
    pub(super) name: &'static str,
    pub(super) why: &'static str,
    /// Debian's packages that bring it.
    pub(super) packages: &'static [&'static str],
    /// The smallest purpose that needs it.
    purpose: Purpose,
    present: fn(&Machine) -> bool,
}

/// Everything, in the order in which a person meets it.
pub(super) const NEEDS: &[Need] = &[
    Need {
        name: "a C++ compiler",
        why: "compiles HiGHS, the solver, and SQLite",
        packages: &["g++"],
        purpose: Purpose::Demo,
        present: |machine| machine.has("c++") || machine.has("g++"),
    },
    Need {
        name: "make",
        why: "drives the compilation of HiGHS",
        packages: &["make"],
        purpose: Purpose::Demo,
        present: |machine| machine.has("make"),
    },
    Need {
        name: "cmake",
        why: "configures the compilation of HiGHS",
        packages: &["cmake"],
        purpose: Purpose::Demo,
        present: |machine| machine.has("cmake"),
    },
    Need {
        name: "libclang",
        why: "reads HiGHS' C header to make its Rust bindings",
        packages: &["libclang1"],
        purpose: Purpose::Demo,
        present: Machine::has_libclang,
    },
    Need {
        name: "ccache",
        why: "lets debug and release builds share one compilation of HiGHS (8 CPU minutes)",
        packages: &["ccache"],
        purpose: Purpose::Demo,
        present: |machine| machine.has("ccache"),
    },
    Need {
        name: "PostgreSQL",
        why: "the second storage engine: tests start and stop their own throw-away server",
        packages: &["postgresql"],
        purpose: Purpose::Test,
        present: |_| crate::postgres::Programs::find().is_ok(),
    },
    Need {
        name: "systemd-analyze",
        why: "checks the service unit in deploy/systemd",
        packages: &["systemd"],
        purpose: Purpose::Test,
        present: |machine| machine.has("systemd-analyze"),
    },
    Need {
        name: "Chromium",
        why: "opens the pages behind links as their readers do, driven by tests",
        packages: &["chromium", "chromium-driver", "fonts-dejavu-core"],
        purpose: Purpose::Test,
        present: |machine| machine.has("chromium") && machine.has("chromedriver"),
    },
    Need {
        name: "pip",
        why: "fetches buf, which lints and calls the protos, OSRM, which knows roads, and axe, which looks over pages",
        packages: &["python3-pip"],
        purpose: Purpose::Test,
        present: |machine| machine.has("pip") || machine.has("pip3"),
    },
];

/// The parts of a machine that matter here.
pub(super) struct Machine {
    path: Vec<PathBuf>,
    library_folders: Vec<PathBuf>,
}

impl Machine {
    /// The one this runs on.
    pub(super) fn this() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        Self {
            path: env::split_paths(&path).collect(),
            library_folders: library_folders(Path::new("/usr"), env::var_os("LIBCLANG_PATH").map(PathBuf::from)),
        }
    }

    fn has(&self, program: &str) -> bool {
        workspace::find_in(self.path.iter().cloned(), program).is_some()
    }

    /// Whether bindgen will find `libclang.so`, `libclang.so.1`, `libclang-14.so` or `libclang-14.so.1`.
    fn has_libclang(&self) -> bool {
        self.library_folders.iter().flat_map(|folder| workspace::entries(folder)).any(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.strip_prefix("libclang").is_some_and(|rest| {
                let (version, suffix) = rest.split_once(".so").unwrap_or((rest, "none"));
                let version_fits = version.is_empty()
                    || version.strip_prefix('-').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()));
                version_fits && (suffix.is_empty() || suffix.starts_with('.'))
            })
        })
    }
}

/// Where bindgen looks: LIBCLANG_PATH, the usual folders, the folders of each LLVM version.
fn library_folders(usr: &Path, asked: Option<PathBuf>) -> Vec<PathBuf> {
    let lib = usr.join("lib");
    let mut folders: Vec<PathBuf> = asked.into_iter().collect();
    folders.extend([lib.clone(), usr.join("lib64"), usr.join("local/lib")]);
    for below in workspace::entries(&lib) {
        let name = below.file_name().unwrap_or_default().to_string_lossy();
        if name.contains("-linux-gnu") {
            folders.push(below);
        } else if name.starts_with("llvm") {
            folders.push(below.join("lib"));
        }
    }
    folders
}

/// The needs of `purpose` that the machine lacks.
pub(super) fn missing<'a>(needs: &'a [Need], machine: &Machine, purpose: Purpose) -> Vec<&'a Need> {
    needs
        .iter()
        .filter(|need| need.purpose == Purpose::Demo || purpose == Purpose::Test)
        .filter(|need| !(need.present)(machine))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A machine below a folder of its own, with these programs and libraries.
    struct Fake(PathBuf);

    impl Fake {
        fn new(name: &str, programs: &[&str], libraries: &[&str]) -> Self {
            let root = workspace::target().join(format!("xtask-machine-{name}"));
            let _ = fs::remove_dir_all(&root);
            fs::create_dir_all(root.join("bin")).unwrap();
            fs::create_dir_all(root.join("usr/lib")).unwrap();
            for program in programs {
                let file = root.join("bin").join(program);
                fs::write(&file, "").unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
            }
            for library in libraries {
                let file = root.join("usr/lib").join(library);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, "").unwrap();
            }
            Self(root)
        }

        fn machine(&self) -> Machine {
            Machine { path: vec![self.0.join("bin")], library_folders: library_folders(&self.0.join("usr"), None) }
        }
    }

    impl Drop for Fake {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_bare_machine_lacks_the_whole_compiler_side() {
        let fake = Fake::new("bare", &["cc"], &[]);
        let names: Vec<&str> =
            missing(NEEDS, &fake.machine(), Purpose::Demo).into_iter().map(|need| need.name).collect();
        assert_eq!(names, ["a C++ compiler", "make", "cmake", "libclang", "ccache"]);
    }

    #[test]
    fn a_demo_needs_no_database_server() {
        let programs = ["c++", "make", "cmake", "ccache"];
        let fake = Fake::new("demo", &programs, &["x86_64-linux-gnu/libclang-14.so.1"]);
        assert!(missing(NEEDS, &fake.machine(), Purpose::Demo).is_empty());
        let for_tests: Vec<&str> =
            missing(NEEDS, &fake.machine(), Purpose::Test).into_iter().map(|need| need.name).collect();
        assert!(for_tests.contains(&"systemd-analyze"), "{for_tests:?}");
    }

    #[test]
    fn libclang_is_not_mistaken_for_its_cpp_sister() {
        for (library, found) in [
            ("llvm-14/lib/libclang.so.1", true),
            ("llvm-14/lib/libclang-14.so.1", true),
            ("aarch64-linux-gnu/libclang-16.so", true),
            ("llvm-14/lib/libclang-cpp.so.14", false),
            ("x86_64-linux-gnu/libclangx.so", false),
        ] {
            let fake = Fake::new("libclang", &[], &[library]);
            assert_eq!(fake.machine().has_libclang(), found, "{library}");
        }
    }
}
