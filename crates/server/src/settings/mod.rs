//! Settings of the server, typed by section. Order: flags, then environment `KEIKKA_SECTION_KEY`, then file, then defaults.
//! An unknown key is refused by name. Leaves the meaning of each section to its file; `deploy/keikka.toml` shows every key.

mod auth;
mod database;
pub mod limits;
mod notification;
mod planner;
mod server;
mod telemetry;
mod travel;
mod web;

use std::path::Path;

use serde::Deserialize;

pub use auth::AuthSettings;
pub use database::DatabaseSettings;
pub use limits::LimitSettings;
pub use notification::{MailEncryption, NotificationSettings};
pub use planner::PlannerSettings;
pub use server::{Role, ServerSettings};
pub use telemetry::{LogFormat, TelemetrySettings};
pub use travel::{TravelFallback, TravelProvider, TravelSettings};
pub use web::WebSettings;

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the data is.
    pub database: DatabaseSettings,
    /// Where the server listens.
    pub server: ServerSettings,
    /// Who may call.
    pub auth: AuthSettings,
    /// How much is accepted at once.
    pub limits: LimitSettings,
    /// How plans of many people are divided.
    pub planner: PlannerSettings,
    /// How messages leave the house.
    pub notification: NotificationSettings,
    /// What is logged, counted and traced.
    pub telemetry: TelemetrySettings,
    /// Who knows how long ways take.
    pub travel: TravelSettings,
    /// Which websites may call from a browser.
    pub web: WebSettings,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A key that nobody reads.
    #[error("{origin} sets {key}, which is no setting")]
    UnknownKey {
        /// Where it was found: the file, a flag or the environment.
        origin: String,
        /// The key as written.
        key: String,
    },
    /// A value of the wrong form, or a file that cannot be read.
    #[error("settings cannot be read: {0}")]
    Unreadable(String),
}

/// Every key, as `section.key`.
const KEYS: &[&str] = &[
    "database.url",
    "database.create",
    "server.roles",
    "server.listen",
    "server.ops_listen",
    "server.insecure",
    "server.reflection",
    "server.trusted_proxies",
    "server.sweep_interval_s",
    "auth.keys_file",
    "limits.connections_max",
    "limits.connections_per_peer_max",
    "limits.calls_max",
    "limits.streams_per_principal_max",
    "limits.pages_per_address_min",
    "limits.pages_per_link_min",
    "limits.call_s",
    "limits.stream_s",
    "limits.preface_s",
    "limits.drain_s",
    "planner.whole_pairs_max",
    "planner.tile_volunteers",
    "planner.share_tiles",
    "planner.lease_s",
    "planner.tiles_at_once",
    "notification.key_file",
    "notification.link_base",
    "notification.folder",
    "notification.mail_host",
    "notification.mail_port",
    "notification.mail_encryption",
    "notification.mail_user",
    "notification.mail_password_file",
    "notification.mail_authority_file",
    "notification.mail_from",
    "notification.sms_file",
    "notification.webhooks_file",
    "notification.pool",
    "notification.lease_s",
    "telemetry.log_format",
    "telemetry.log_filter",
    "telemetry.otlp_endpoint",
    "travel.provider",
    "travel.url",
    "travel.walk_url",
    "travel.bike_url",
    "travel.car_url",
    "travel.walk_profile",
    "travel.bike_profile",
    "travel.car_profile",
    "travel.walk_fastest_kmh",
    "travel.bike_fastest_kmh",
    "travel.car_fastest_kmh",
    "travel.file",
    "travel.fallback",
    "travel.cell_resolution",
    "travel.table_size",
    "travel.timeout_ms",
    "travel.off_map_m",
    "travel.pairs_max",
    "travel.cache_pairs",
    "travel.cache_s",
    "web.cors_origins",
    "web.local_origins",
];

/// Keys whose value is a list; in the environment and in flags the items are separated by commas.
const LISTS: &[&str] = &["server.roles", "server.trusted_proxies", "web.cors_origins"];

/// What our variables begin with.
const ENV_PREFIX: &str = "KEIKKA_";

impl Settings {
    /// Reads settings from a TOML file (if given), the environment and flags (`("database.url", "sqlite://..")`).
    ///
    /// # Errors
    /// [`SettingsError`] naming the unknown key or the unreadable value.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, SettingsError> {
        let mut builder = config::Config::builder();
        if let Some(path) = file {
            let source = config::File::from(path).format(config::FileFormat::Toml);
            let layer = config::Config::builder()
                .add_source(source)
                .build()
                .map_err(|error| SettingsError::Unreadable(error.to_string()))?;
            refuse_unknown(&layer, &path.display().to_string())?;
            builder = builder.add_source(layer);
        }
        for (key, value) in from_environment(environment)? {
            builder = set(builder, key, value)?;
        }
        for (key, value) in flags {
            let known = known(key).ok_or_else(|| unknown("a flag", key))?;
            builder = set(builder, known, value.clone())?;
        }
        let settings: Self = builder
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| SettingsError::Unreadable(error.to_string()))?;
        if settings.server.roles.is_empty() {
            return Err(SettingsError::Unreadable("server.roles is empty: api, workers or both".to_owned()));
        }
        Ok(settings)
    }
}

fn known(key: &str) -> Option<&'static str> {
    KEYS.iter().copied().find(|known| *known == key)
}

fn unknown(origin: &str, key: &str) -> SettingsError {
    SettingsError::UnknownKey { origin: origin.to_owned(), key: key.to_owned() }
}

type Builder = config::ConfigBuilder<config::builder::DefaultState>;

fn set(builder: Builder, key: &'static str, value: String) -> Result<Builder, SettingsError> {
    let unreadable = |error: config::ConfigError| SettingsError::Unreadable(error.to_string());
    if LISTS.contains(&key) {
        let items: Vec<String> =
            value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
        builder.set_override(key, items).map_err(unreadable)
    } else {
        builder.set_override(key, value).map_err(unreadable)
    }
}

/// The settings in the environment: `KEIKKA_DATABASE_URL` is `database.url`. A variable that begins like a section but names no key
/// is a typing error and refused; others (`KEIKKA_KEY` of the client) are not ours.
fn from_environment(
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<(&'static str, String)>, SettingsError> {
    let mut found = Vec::new();
    for (name, value) in environment {
        let Some(rest) = name.strip_prefix(ENV_PREFIX) else { continue };
        let lower = rest.to_lowercase();
        if let Some(key) = KEYS.iter().copied().find(|key| key.replacen('.', "_", 1) == lower) {
            found.push((key, value));
        } else if let Some((section, _)) = lower.split_once('_')
            && KEYS.iter().any(|key| key.split('.').next() == Some(section))
        {
            return Err(unknown("the environment", &name));
        }
    }
    found.sort();
    Ok(found)
}

fn refuse_unknown(layer: &config::Config, origin: &str) -> Result<(), SettingsError> {
    let sections: std::collections::BTreeMap<String, config::Value> =
        layer.clone().try_deserialize().map_err(|error| SettingsError::Unreadable(format!("{origin}: {error}")))?;
    for (section, value) in sections {
        let Ok(table) = value.into_table() else { return Err(unknown(origin, &section)) };
        for key in table.keys() {
            let full = format!("{section}.{key}");
            if known(&full).is_none() {
                return Err(unknown(origin, &full));
            }
        }
        if !KEYS.iter().any(|key| key.starts_with(&format!("{section}."))) {
            return Err(unknown(origin, &section));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().suffix(".toml").tempfile().expect("temp file");
        std::fs::write(file.path(), text).expect("write");
        file
    }

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let file = file("[server]\nlisten = \"127.0.0.1:1\"\nops_listen = \"127.0.0.1:2\"\n[limits]\ncalls_max = 7\n");
        let environment = env(&[("KEIKKA_SERVER_LISTEN", "127.0.0.1:3"), ("KEIKKA_SERVER_OPS_LISTEN", "127.0.0.1:4")]);
        let flags = [("server.listen", "127.0.0.1:5".to_owned())];
        let settings = Settings::load(Some(file.path()), environment, &flags).expect("settings");
        assert_eq!(settings.server.listen.to_string(), "127.0.0.1:5");
        assert_eq!(settings.server.ops_listen.map(|a| a.to_string()), Some("127.0.0.1:4".to_owned()));
        assert_eq!(settings.limits.calls_max, 7);
        assert_eq!(settings.limits.connections_max, LimitSettings::default().connections_max);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name_wherever_it_stands() {
        for text in ["[server]\nlissten = \"x\"\n", "[sever]\nlisten = \"x\"\n", "listen = \"x\"\n"] {
            let file = file(text);
            let error = Settings::load(Some(file.path()), [], &[]).expect_err(text).to_string();
            assert!(error.contains("lissten") || error.contains("sever") || error.contains("listen"), "{error}");
        }
        let error = Settings::load(None, env(&[("KEIKKA_DATABASE_URI", "x")]), &[]).expect_err("typing error");
        assert!(error.to_string().contains("KEIKKA_DATABASE_URI"), "{error}");
        assert!(Settings::load(None, env(&[("KEIKKA_KEY", "x"), ("KEIKKA_TEST_POSTGRES_URL", "y")]), &[]).is_ok());
    }

    #[test]
    fn every_key_is_read_into_its_section() {
        for key in KEYS {
            let value = match *key {
                "server.listen" | "server.ops_listen" => "127.0.0.1:9",
                "telemetry.log_format" => "json",
                "server.roles" => "api",
                "server.trusted_proxies" => "127.0.0.1, ::1",
                "notification.mail_encryption" => "implicit",
                "notification.mail_port" | "notification.pool" | "notification.lease_s" => "11",
                "travel.provider" => "osrm",
                "travel.fallback" => "refuse",
                key if key.starts_with("travel.") && !key.ends_with("url") && !key.ends_with("profile") => "11",
                "database.create" | "server.insecure" | "server.reflection" | "planner.share_tiles" => "true",
                "web.local_origins" => "true",
                key if key.starts_with("limits.") || key.starts_with("planner.") || key.ends_with("_s") => "11",
                _ => "sqlite://x",
            };
            assert!(Settings::load(None, [], &[(key, value.to_owned())]).is_ok(), "{key}");
        }
    }

    #[test]
    fn the_shipped_file_shows_every_key_and_only_those() {
        let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/keikka.toml");
        let text = std::fs::read_to_string(shipped).expect("the shipped settings");
        assert!(Settings::load(Some(Path::new(shipped)), [], &[]).is_ok(), "as it is");
        let uncomment = |line: &str| match line.strip_prefix("# ") {
            Some(rest) if rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) => rest.to_owned(),
            _ => line.to_owned(),
        };
        let whole = file(&text.lines().map(uncomment).collect::<Vec<_>>().join("\n"));
        assert!(Settings::load(Some(whole.path()), [], &[]).is_ok(), "with every comment that is a setting");
        let layer = config::Config::builder().add_source(config::File::from(whole.path())).build().expect("TOML");
        for key in KEYS {
            assert!(layer.get::<config::Value>(key).is_ok(), "deploy/keikka.toml does not show {key}");
        }
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let environment = env(&[("KEIKKA_WEB_CORS_ORIGINS", "https://a.example, https://b.example")]);
        let settings = Settings::load(None, environment, &[]).expect("settings");
        assert_eq!(settings.web.cors_origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn a_process_has_every_role_unless_it_is_told_some() {
        let roles = |text: &str| Settings::load(None, [], &[("server.roles", text.to_owned())]);
        assert_eq!(Settings::default().server.roles, [Role::Api, Role::Workers]);
        assert_eq!(roles("workers").expect("settings").server.roles, [Role::Workers]);
        assert_eq!(roles("api, workers").expect("settings").server.roles, [Role::Api, Role::Workers]);
        for wrong in ["", "worker", "api;workers"] {
            assert!(roles(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_in_the_database_url_is_not_printed() {
        let flags = [("database.url", "postgres://keikka:hunter2@db/keikka".to_owned())];
        let settings = Settings::load(None, [], &flags).expect("settings");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
