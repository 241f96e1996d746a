//! `keikka man [DIR]`: manual pages from the same tree that parses.

use std::path::{Path, PathBuf};

use clap::{Args, Command as Clap};

use crate::arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, note};

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka man ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The folder to write every page into; without it the first page goes to stdout
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints one page or writes all.
pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let mut tree = arguments::tree();
    tree.build();
    match &args.folder {
        None => output::stdout(&page(&tree, "keikka")?).map(|()| Exit::Done),
        Some(folder) => {
            let cannot = |error| Failure::failed(format!("cannot write to {}", folder.display())).because(error);
            std::fs::create_dir_all(folder).map_err(cannot)?;
            let count = write_all(&tree, "keikka", folder)?;
            note(format!("wrote {count} pages to {}", folder.display()));
            Ok(Exit::Done)
        }
    }
}

fn write_all(command: &Clap, name: &str, folder: &Path) -> Result<usize, Failure> {
    let path = folder.join(format!("{name}.1"));
    std::fs::write(&path, page(command, name)?)
        .map_err(|error| Failure::failed(format!("cannot write {}", path.display())).because(error))?;
    command
        .get_subcommands()
        .try_fold(1, |count, below| Ok(count + write_all(below, &format!("{name}-{}", below.get_name()), folder)?))
}

fn page(command: &Clap, name: &str) -> Result<String, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone().name(name.to_owned()))
        .render(&mut text)
        .map_err(|error| Failure::failed("cannot write the manual page").because(error))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
