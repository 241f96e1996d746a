//! `keikka admin key`: makes a key. The secret is written once, to one file or to stdout; the server keeps its hash.

use std::path::PathBuf;

use clap::Args;
use domain::{AssociationId, NetworkId, PrincipalId, Role, VolunteerId};
use serde_json::json;
use server::auth::keys::{Grant, generate};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output::{Report, note};

/// Roles by the words of the key file.
const ROLES: [Role; 6] = [
    Role::Volunteer,
    Role::AssociationCoordinator,
    Role::CallCentreAgent,
    Role::CityCoordinator,
    Role::Ops,
    Role::AssociationSite,
];

/// Arguments of `key`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: keikka admin key call-centre-1 --role call_centre_agent --for-network kouvola \\\n           \
                        --keys-file /etc/keikka/keys.toml --out call-centre-1.key"
)]
pub(crate) struct KeyArgs {
    /// The id of the key: who calls, never a person's name
    #[arg(value_name = "ID")]
    id: String,
    /// In which role
    #[arg(long, value_name = "ROLE", value_parser = ROLES.map(Role::code))]
    role: String,
    /// The one network; without it every network, which is for ops only
    #[arg(long, value_name = "NETWORK")]
    for_network: Option<String>,
    /// The one association
    #[arg(long, value_name = "ASSOCIATION")]
    association: Option<String>,
    /// The volunteer whose key it is
    #[arg(long, value_name = "VOLUNTEER")]
    volunteer: Option<String>,
    /// The server's key file, to add the hash to; without it the entry is printed
    #[arg(long, value_name = "FILE")]
    keys_file: Option<PathBuf>,
    /// Where to write the key; without it the key is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Makes a key.
pub(super) fn run(context: &Context, args: KeyArgs) -> Result<Exit, Failure> {
    let key = generate(&grant(&args)?).map_err(|error| Failure::failed("cannot make a key").because(error))?;
    let mut text = String::new();
    let mut json = json!({ "id": args.id, "role": args.role });
    match &args.keys_file {
        Some(path) => {
            let before = std::fs::read_to_string(path).unwrap_or_default();
            if before.contains(&format!("id = \"{}\"", args.id)) {
                return Err(Failure::failed(format!("{} has a key {} already", path.display(), args.id)));
            }
            let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
            files::write_private(path, &format!("{before}{gap}{}", key.entry))?;
            note(format!("added to {}; a running server reads it on SIGHUP", path.display()));
        }
        None => {
            text.push_str(&format!("# add this to the server's key file\n{}\n", key.entry));
            json["entry"] = json!(key.entry);
        }
    }
    match &args.out {
        Some(path) => {
            files::write_private(path, &format!("{}\n", key.token))?;
            note(format!("the key is in {}; it is shown nowhere else", path.display()));
        }
        None => {
            text.push_str(&format!("# the key, shown only now\n{}\n", key.token));
            json["key"] = json!(key.token);
        }
    }
    context.print(&Report::told(json, text))
}

fn grant(args: &KeyArgs) -> Result<Grant, Failure> {
    let wrong = |flag: &str, error: domain::id::IdError| Failure::usage(format!("{flag} is no id")).because(error);
    let role = ROLES.into_iter().find(|role| role.code() == args.role).expect("clap knows the roles");
    let grant = Grant {
        id: PrincipalId::new(args.id.clone()).map_err(|error| wrong("ID", error))?,
        role,
        network: args
            .for_network
            .clone()
            .map(NetworkId::new)
            .transpose()
            .map_err(|error| wrong("--for-network", error))?,
        association: args
            .association
            .clone()
            .map(AssociationId::new)
            .transpose()
            .map_err(|error| wrong("--association", error))?,
        volunteer: args
            .volunteer
            .clone()
            .map(VolunteerId::new)
            .transpose()
            .map_err(|error| wrong("--volunteer", error))?,
    };
    let needs_network = role != Role::Ops;
    let needs_association = matches!(role, Role::AssociationCoordinator | Role::AssociationSite);
    if needs_network && grant.network.is_none() {
        return Err(
            Failure::usage(format!("a key of role {} names its network", args.role)).next("--for-network NETWORK")
        );
    }
    if needs_association && grant.association.is_none() {
        return Err(Failure::usage(format!("a key of role {} names its association", args.role))
            .next("--association ASSOCIATION"));
    }
    if role == Role::Volunteer && grant.volunteer.is_none() {
        return Err(Failure::usage("a volunteer's key names the volunteer").next("--volunteer VOLUNTEER"));
    }
    Ok(grant)
}
