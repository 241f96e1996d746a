//! What the server refuses to start with, and what it says then.

use server::{Clock, Settings, serve_with};
use store::{Database, OpenOptions};
use tokio::net::TcpListener;

async fn refused(address: &str, change: impl FnOnce(&mut Settings)) -> String {
    let listener = TcpListener::bind(address).await.expect("a free port");
    let mut settings = Settings::default();
    settings.database.create = true;
    change(&mut settings);
    // It must not come so far as to wait for its end.
    let told = serve_with(settings, listener, None, Clock::system(), std::future::ready(())).await;
    told.expect_err("must not start").to_string()
}

fn keys(folder: &std::path::Path) -> std::path::PathBuf {
    let grant = server::auth::keys::Grant {
        id: domain::PrincipalId::new("ops").expect("an id"),
        role: domain::Role::Ops,
        network: None,
        association: None,
        volunteer: None,
    };
    let path = folder.join("keys.toml");
    std::fs::write(&path, server::auth::keys::generate(&grant).expect("a key").entry).expect("write");
    path
}

fn url(folder: &std::path::Path) -> domain::Sensitive<String> {
    domain::Sensitive::new(format!("sqlite://{}", folder.join("keikka.db").display()))
}

#[tokio::test]
async fn nothing_listens_without_keys_unless_insecure_and_on_loopback() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = refused("127.0.0.1:0", |settings| settings.database.url = url(folder.path())).await;
    assert!(told.contains("keikka admin key"), "{told}");
    let told = refused("0.0.0.0:0", |settings| {
        settings.database.url = url(folder.path());
        settings.server.insecure = true;
    })
    .await;
    assert!(told.contains("loopback"), "{told}");
    let empty = folder.path().join("empty.toml");
    std::fs::write(&empty, "").expect("write");
    let told = refused("127.0.0.1:0", |settings| settings.auth.keys_file = Some(empty)).await;
    assert!(told.contains("no keys"), "{told}");
    let told = refused("127.0.0.1:0", |settings| settings.auth.keys_file = Some(folder.path().join("gone.toml"))).await;
    assert!(told.contains("gone.toml"), "{told}");
}

#[tokio::test]
async fn the_ops_port_is_on_loopback_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let ops = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
    let mut settings = Settings::default();
    settings.auth.keys_file = Some(keys(folder.path()));
    settings.database.url = url(folder.path());
    let told = serve_with(settings, listener, Some(ops), Clock::system(), std::future::ready(())).await;
    assert!(told.expect_err("must not start").to_string().contains("server.ops_listen"));
}

#[tokio::test]
async fn a_database_without_its_schema_names_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::open(url(folder.path()).expose(), OpenOptions::creating()).await.expect("an empty file");
    database.close().await;
    let told = refused("127.0.0.1:0", |settings| {
        settings.auth.keys_file = Some(keys(folder.path()));
        settings.database.url = url(folder.path());
        settings.database.create = false;
    })
    .await;
    assert!(told.contains("keikka admin migrate"), "{told}");
}

#[tokio::test]
async fn a_wildcard_origin_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = refused("127.0.0.1:0", |settings| {
        settings.auth.keys_file = Some(keys(folder.path()));
        settings.database.url = url(folder.path());
        settings.web.cors_origins = vec!["*".to_owned()];
    })
    .await;
    assert!(told.contains("web.cors_origins"), "{told}");
    let told = refused("0.0.0.0:0", |settings| {
        settings.auth.keys_file = Some(keys(folder.path()));
        settings.database.url = url(folder.path());
        settings.web.local_origins = true;
    })
    .await;
    assert!(told.contains("web.local_origins"), "{told}");
}
