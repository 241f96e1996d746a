//! The developer's own throw-away PostgreSQL: started once, used by any number of test runs by hand, stopped when no longer needed.

use anyhow::Result;

use super::URL_VARIABLE;
use super::cluster::Cluster;

fn cluster() -> Result<Cluster> {
    Cluster::at(&Cluster::folder("developer")?)
}

/// Starts it unless it runs already, and prints how to use it.
pub(super) fn start() -> Result<()> {
    let cluster = cluster()?;
    let url = match cluster.running() {
        Ok(url) => url,
        Err(_) => {
            cluster.remove()?;
            cluster.make()?;
            cluster.start()?
        }
    };
    println!("{url}");
    eprintln!("for your tests: export {URL_VARIABLE}={url}");
    Ok(())
}

/// Prints where it runs; an error if it does not.
pub(super) fn url() -> Result<()> {
    println!("{}", cluster()?.running()?);
    Ok(())
}

/// Stops it and removes its files.
pub(super) fn stop() -> Result<()> {
    let cluster = cluster()?;
    cluster.stop()?;
    cluster.remove()
}
