//! Cases on what survives: cancelled calls, dropped transactions, full disks, backups.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use domain::Volunteer;
use tokio::task::JoinSet;

use super::documents::{fetch, put};
use super::{Subject, sample};
use crate::engine::Pools;
use crate::tx::values;
use crate::{Database, Engine, Error, Filter, OpenOptions, restore};

/// Polls a future so many times, then drops it: what becomes of a call whose caller hangs up. True if it ended before.
async fn cancel_after<F: Future>(polls: usize, future: F) -> bool {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        future.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// Waits until no connection sits in a transaction that nobody has begun: the pool cleans up behind cancelled calls.
async fn expect_no_stale_transaction(witness: &Database) {
    const STALE: &str = "select count(*) from pg_stat_activity \
        where datname = current_database() and application_name = 'keikka' and state like 'idle in transaction%' \
        and pid <> pg_backend_pid()";
    let Pools::Postgres(pool) = &witness.0 else { return };
    let clean = async {
        while sqlx::query_scalar::<_, i64>(STALE).fetch_one(pool).await.expect("count") > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let cleaned = tokio::time::timeout(Duration::from_secs(10), clean).await;
    assert!(cleaned.is_ok(), "transactions are open that nobody has begun");
}

pub(super) async fn cancelled_beginnings_leave_no_transaction_open(subject: Subject) {
    const ROUNDS: usize = 13;
    const AT_ONCE: usize = 16;
    let options = OpenOptions { connections: AT_ONCE as u32, ..OpenOptions::default() };
    let own = Database::open(&subject.url, options).await.expect("open");
    let witness = Database::open(&subject.url, OpenOptions::default()).await.expect("open");
    let mut cancelled = 0;
    for round in 0..ROUNDS {
        let mut running = JoinSet::new();
        for n in 0..AT_ONCE {
            let own = own.clone();
            running.spawn(async move { cancel_after(1 + (round + n) % 6, own.write()).await });
        }
        cancelled += running.join_all().await.into_iter().filter(|ended| !ended).count();
        expect_no_stale_transaction(&witness).await;
    }
    assert!(cancelled >= 20, "only {cancelled} of {} beginnings were cancelled", ROUNDS * AT_ONCE);

    for n in 0..10 {
        put(&own, &sample::volunteer(&subject.network, &format!("v{n}"))).await;
    }
    own.close().await;
    let mut tx = witness.read().await.expect("read");
    let stored = tx.count::<Volunteer>(&subject.network, &Filter::any()).await.expect("count");
    assert_eq!(stored, 10, "answered means stored");
    drop(tx);
    witness.close().await;
}

pub(super) async fn connections_are_used_again(subject: Subject) {
    const CONNECTIONS: u32 = 3;
    let options = OpenOptions { connections: CONNECTIONS, ..OpenOptions::default() };
    let own = Database::open(&subject.url, options).await.expect("open");
    let mut backends = BTreeSet::new();
    for _ in 0..30 {
        let mut tx = own.write().await.expect("write");
        let backend: Option<(i64,)> = tx.row("select cast(pg_backend_pid() as bigint)", &[]).await.expect("ask");
        backends.insert(backend);
        tx.commit().await.expect("commit");
    }
    own.close().await;
    assert!(backends.len() <= CONNECTIONS as usize, "{} connections were made for 30 transactions", backends.len());
}

pub(super) async fn a_dropped_transaction_leaves_nothing(subject: Subject) {
    let volunteer = sample::volunteer(&subject.network, "v1");
    for _ in 0..20 {
        let mut tx = subject.database.write().await.expect("write");
        let _ = tx.insert(&volunteer).await.expect("insert");
        drop(tx);
    }
    assert_eq!(fetch(&subject.database, &volunteer).await, None);
    // A statement cut off in the middle takes its transaction with it.
    for polls in 1..6 {
        let mut tx = subject.database.write().await.expect("write");
        cancel_after(polls, tx.insert(&volunteer)).await;
        drop(tx);
        assert_eq!(fetch(&subject.database, &volunteer).await, None);
    }
    put(&subject.database, &volunteer).await;
    assert_eq!(fetch(&subject.database, &volunteer).await, Some(volunteer));
}

pub(super) async fn a_reader_cannot_write_and_sees_one_moment(subject: Subject) {
    let volunteer = sample::volunteer(&subject.network, "v1");
    let mut reader = subject.database.read().await.expect("read");
    assert_eq!(reader.get::<Volunteer>(&subject.network, &volunteer.id).await.expect("get"), None);
    put(&subject.database, &volunteer).await;
    assert_eq!(reader.get::<Volunteer>(&subject.network, &volunteer.id).await.expect("get"), None, "another moment");
    assert!(reader.insert(&sample::volunteer(&subject.network, "v2")).await.is_err());
    drop(reader);
    assert_eq!(fetch(&subject.database, &volunteer).await, Some(volunteer));
}

pub(super) async fn places_are_shown_without_password(subject: Subject) {
    let shown = format!("{} {:?}", subject.database, subject.database);
    assert!(shown.contains(subject.database.engine().code()) && !shown.contains('@'), "{shown}");
    let refused = Database::open("postgres://ville:salaisuus@[", OpenOptions::default()).await;
    let told = format!("{refused:?}");
    assert!(matches!(refused, Err(Error::Setup(_))) && !told.contains("salaisuus"), "{told}");
    let nowhere = "postgres://ville:salaisuus@127.0.0.1:1/none";
    let options = OpenOptions { turn_timeout: Duration::from_millis(300), ..OpenOptions::default() };
    let refused = Database::open(nowhere, options).await;
    let told = format!("{refused:?}");
    assert!(matches!(refused, Err(Error::Unavailable(_))) && !told.contains("salaisuus"), "{told}");
    let unknown = subject.url.rfind('/').map(|at| format!("{}/keikka_unknown", &subject.url[..at]));
    let refused = Database::open(&unknown.expect("a path"), OpenOptions::default()).await;
    assert!(matches!(refused, Err(Error::Setup(_))), "{refused:?}");
    let directory = tempfile::tempdir().expect("directory");
    let letter = directory.path().join("letter.db");
    std::fs::write(&letter, "Dear coordinator, ".repeat(1_000)).expect("write");
    let refused = Database::open(&format!("sqlite://{}", letter.display()), OpenOptions::default()).await;
    assert!(matches!(&refused, Err(Error::Setup(told)) if told.contains("letter.db")), "{refused:?}");
    for url in ["mysql://localhost/x", "", "keikka.db", "sqlite://", "sqlite::memory:"] {
        let refused = Database::open(url, OpenOptions::creating()).await;
        assert!(matches!(refused, Err(Error::Setup(_))), "{url}: {refused:?}");
    }
    let missing = Path::new("/no/such/directory/keikka.db");
    let refused = Database::open(&format!("sqlite://{}", missing.display()), OpenOptions::creating()).await;
    assert!(matches!(&refused, Err(Error::Setup(told)) if told.contains("/no/such/directory")), "{refused:?}");
}

pub(super) async fn commits_are_on_the_disk(subject: Subject) {
    let mut tx = subject.database.write().await.expect("write");
    let journal: Option<(String,)> = tx.row("select journal_mode from pragma_journal_mode", &[]).await.expect("ask");
    assert_eq!(journal.map(|row| row.0).as_deref(), Some("wal"));
    for (question, wanted) in [
        ("select synchronous from pragma_synchronous", 2),
        ("select foreign_keys from pragma_foreign_keys", 1),
        ("select secure_delete from pragma_secure_delete", 1),
        ("select timeout from pragma_busy_timeout", 5_000),
    ] {
        let answer: Option<(i64,)> = tx.row(question, &[]).await.expect("ask");
        assert_eq!(answer, Some((wanted,)), "{question}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = subject.database.file().expect("a file");
        let mode = std::fs::metadata(file).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the file: {mode:o}");
    }
}

pub(super) async fn a_backup_restores_what_was_committed(subject: Subject) {
    let directory = tempfile::tempdir().expect("directory");
    let (saved, target) = (directory.path().join("saved.db"), directory.path().join("target.db"));
    let kept = sample::full_volunteer(&subject.network, "kept");
    put(&subject.database, &kept).await;
    let mut open = subject.database.write().await.expect("write");
    let _ = open.insert(&sample::volunteer(&subject.network, "uncommitted")).await.expect("insert");
    subject.database.backup_to(&saved).await.expect("backup");
    open.commit().await.expect("commit");
    put(&subject.database, &sample::volunteer(&subject.network, "later")).await;
    assert!(matches!(subject.database.backup_to(&saved).await, Err(Error::Setup(_))), "a backup replaces nothing");
    let nowhere = directory.path().join("none/saved.db");
    assert!(matches!(subject.database.backup_to(&nowhere).await, Err(Error::Setup(_))));

    restore(&saved, &target).await.expect("restore to a new place");
    let url = format!("sqlite://{}", target.display());
    let restored = Database::open(&url, OpenOptions::default()).await.expect("open");
    let mut tx = restored.write().await.expect("write");
    assert_eq!(tx.all::<Volunteer>(&subject.network, &Filter::any()).await.expect("all"), std::slice::from_ref(&kept));
    let _ = tx.insert(&sample::volunteer(&subject.network, "mistake")).await.expect("insert");
    tx.commit().await.expect("commit");
    assert_eq!(restored.integrity().await.expect("integrity"), Vec::<String>::new());

    let refused = restore(&saved, &target).await;
    assert!(matches!(&refused, Err(Error::Setup(told)) if told.contains("stop the server")), "{refused:?}");
    restored.close().await;
    restore(&saved, &target).await.expect("restore over the old one");
    let again = Database::open(&url, OpenOptions::default()).await.expect("open");
    let mut tx = again.read().await.expect("read");
    assert_eq!(tx.all::<Volunteer>(&subject.network, &Filter::any()).await.expect("all"), [kept]);
    let names: Vec<String> = std::fs::read_dir(directory.path())
        .expect("directory")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.contains(&"target.db.before-restore".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.contains(".part")), "{names:?}");
}

pub(super) async fn a_damaged_backup_is_refused(subject: Subject) {
    let directory = tempfile::tempdir().expect("directory");
    let (saved, target) = (directory.path().join("saved.db"), directory.path().join("target.db"));
    let mut tx = subject.database.write().await.expect("write");
    for n in 0..200 {
        let _ = tx.insert(&sample::full_volunteer(&subject.network, &format!("v{n}"))).await.expect("insert");
    }
    tx.commit().await.expect("commit");
    subject.database.backup_to(&saved).await.expect("backup");
    restore(&saved, &target).await.expect("restore");
    let sound = std::fs::read(&target).expect("target");

    let good = std::fs::read(&saved).expect("saved");
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle..].iter_mut().take(4_096).for_each(|byte| *byte ^= 0xff);
    let broken = [
        ("flipped", flipped),
        ("cut", good[..middle].to_vec()),
        ("no database", b"not a database at all, but long enough to be looked at".repeat(100)),
        ("empty", Vec::new()),
    ];
    for (what, bytes) in broken {
        let file = directory.path().join("broken.db");
        std::fs::write(&file, bytes).expect("write");
        let refused = restore(&file, &target).await;
        assert!(matches!(refused, Err(Error::Setup(_))), "{what}: {refused:?}");
        assert_eq!(std::fs::read(&target).expect("target"), sound, "{what}: the target is untouched");
    }
    assert!(matches!(restore(&directory.path().join("none"), &target).await, Err(Error::Setup(_))));
}

pub(super) async fn postgres_is_pointed_at_its_own_tools(subject: Subject) {
    let told = |refused: Error| match refused {
        Error::Setup(told) => told,
        other => panic!("{other:?}"),
    };
    let path = Path::new("/tmp/never-written.db");
    assert!(told(subject.database.backup_to(path).await.expect_err("refused")).contains("pg_dump"));
    assert!(told(subject.database.integrity().await.expect_err("refused")).contains("pg_amcheck"));
    assert_eq!(subject.database.engine(), Engine::Postgres);
}

pub(super) async fn a_full_disk_is_told_and_recovered_from(subject: Subject) {
    const NO_MORE_PAGES: &str = "pragma max_page_count = 1";
    const MANY_PAGES: &str = "pragma max_page_count = 4294967294";
    let kept = sample::volunteer(&subject.network, "kept");
    put(&subject.database, &kept).await;
    let mut plan = sample::plan(&subject.network, "big");
    let outcome = plan.outcome.as_mut().expect("a sample outcome");
    outcome.items = vec![outcome.items[0].clone(); 2_000];

    for round in 0..3 {
        let mut tx = subject.database.write().await.expect("a writer, full disk or not");
        // The limit cannot go below what is there: this means "no more pages".
        let _: Option<(i64,)> = tx.row(NO_MORE_PAGES, &[]).await.expect("limit");
        let _ = tx.insert(&sample::volunteer(&subject.network, &format!("small{round}"))).await;
        let full = tx.insert(&plan).await;
        assert!(matches!(full, Err(Error::Full(_))), "round {round}: {full:?}");
        drop(tx);
        assert_eq!(fetch(&subject.database, &kept).await, Some(kept.clone()), "reading goes on");
        assert_eq!(fetch(&subject.database, &plan).await, None);
    }
    let mut tx = subject.database.write().await.expect("write");
    let _: Option<(i64,)> = tx.row(MANY_PAGES, &[]).await.expect("limit");
    assert_eq!(tx.count::<Volunteer>(&subject.network, &Filter::any()).await.expect("count"), 1, "nothing by half");
    tx.commit().await.expect("commit");
    put(&subject.database, &plan).await;
    assert_eq!(subject.database.integrity().await.expect("integrity"), Vec::<String>::new());
    let counted: (i64,) = {
        let mut tx = subject.database.read().await.expect("read");
        tx.row("select count(*) from plan where network_id = $1", values![subject.network.as_str()])
            .await
            .expect("count")
            .expect("a row")
    };
    assert_eq!(counted, (1,));
}
