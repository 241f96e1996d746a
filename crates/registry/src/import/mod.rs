//! Lists of volunteers and seekers as coordinators have them, from a sheet into the registry: all rows or none.
//!
//! The key of a row is its external id; without one, name and phone. Fields without a column stay as they are stored, an empty cell
//! clears. Languages that are not told are Finnish. Standing is never imported: it has a verb of its own.

pub(crate) mod seekers;
pub(crate) mod volunteers;

use domain::cell::entries::Words;
use domain::cell::{RowReader, words as cell_words};
use domain::place::Address;
use domain::sheet::{Columns, Sheet};
use domain::{
    Association, AssociationId, Coordinates, Name, NetworkId, PhoneNumber, Place, Precision, Sensitive, WriteContext,
};
use store::import::{Field, ImportOutcome, Importer, RowKey, run};
use store::{Document, Filter, Tx};

use crate::registry::network_must_exist;
use crate::{Error, References, Registry, Resource, geocode};

impl Registry {
    /// Imports volunteers. `progress` hears rows done and rows in all.
    ///
    /// # Errors
    /// [`Error`] if the network is not there or the store fails. Problems of the sheet are in the outcome; nothing is stored then.
    pub async fn import_volunteers(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error> {
        self.import(ctx, network, sheet, volunteers::Rows::new, progress).await
    }

    /// Imports seekers. `progress` hears rows done and rows in all.
    ///
    /// # Errors
    /// As [`Registry::import_volunteers`].
    pub async fn import_seekers(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error> {
        self.import(ctx, network, sheet, seekers::Rows::new, progress).await
    }

    async fn import<I>(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        rows: impl AsyncFnOnce(People, &mut Tx, &Sheet) -> Result<I, Error> + Send,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error>
    where
        I: Importer<Error = Error>,
        I::Doc: Resource,
    {
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        ctx.scope.admit(network)?;
        network_must_exist(&mut tx, network).await?;
        let people = People::read(&mut tx, ctx, network).await?;
        let mut rows = rows(people, &mut tx, sheet).await?;
        let mut within = Filter::any();
        <I::Doc as Resource>::narrow(&mut within, &ctx.scope);
        let outcome = run(&mut tx, ctx, network, &within, sheet, &mut rows, progress).await?;
        if outcome.is_refused() {
            tx.rollback().await?;
        } else {
            tx.finish(ctx, &format!("networks/{network}/{}", <I::Doc as Document>::COLLECTION), &outcome).await?;
        }
        Ok(outcome)
    }
}

/// What rows about people have in common.
struct People {
    network: NetworkId,
    ctx: WriteContext,
    references: References,
    associations: Words<AssociationId>,
}

impl People {
    async fn read(tx: &mut Tx, ctx: &WriteContext, network: &NetworkId) -> Result<Self, Error> {
        let mut references = References::new(network.clone(), ctx.scope.clone(), ctx.now);
        let title = |association: &Association| vec![association.title.to_string()];
        let associations = references.associations(tx).await?.values();
        let associations =
            Words::new(associations.map(|association| (association.id.clone(), title(association))), "association");
        Ok(Self { network: network.clone(), ctx: ctx.clone(), references, associations })
    }

    /// Name columns: one for the whole name, or one each for first and last.
    fn headings(columns: &Columns, problems: &mut domain::cell::Problems) {
        let in_parts = columns.has("first_name") && columns.has("last_name");
        if !columns.has("name") && !in_parts {
            problems.add(1, "name", "a column nimi (name) is needed, or etunimi and sukunimi (first name, last name)");
        }
    }

    fn key(row: &mut RowReader<'_>) -> Option<RowKey> {
        if let Some(external_id) = row.text("external_id") {
            return Some(RowKey::External(external_id.to_owned()));
        }
        let name = Self::name(row)?;
        let phone = row.read("phone", cell_words::phone);
        if phone.is_none() && !row.is_wrong() {
            row.refuse_row("needs a tunniste (external id) or a puhelin (phone), to be found again by");
        }
        Some(RowKey::Natural(Self::natural_key(&name, phone.as_ref()?)))
    }

    fn natural_key(name: &Name, phone: &PhoneNumber) -> String {
        format!("{}\n{}", domain::cell::fold(name.as_str()), phone.expose())
    }

    fn name(row: &mut RowReader<'_>) -> Option<Name> {
        if row.has("name") {
            return row.need("name", Name::new);
        }
        let (first, last) = (row.need("first_name", Name::new), row.need("last_name", Name::new));
        let whole = format!("{} {}", first?.as_str(), last?.as_str());
        row.read("last_name", |_| Name::new(&whole))
    }

    fn association(&self, row: &mut RowReader<'_>, stored: Option<AssociationId>) -> Option<AssociationId> {
        if !row.has("association") {
            return stored;
        }
        row.read("association", |text| self.associations.find(text))
    }

    /// The home that a row tells, if the file has any column for it. A point that somebody set by hand stays as long as the address
    /// is the same and the file has no coordinates of its own.
    fn home(row: &mut RowReader<'_>, stored: Option<&Place>) -> Option<Place> {
        if !PLACE.iter().any(|(field, ..)| row.has(field)) {
            return stored.cloned();
        }
        let refused_before = row.refused();
        let address = Address {
            coordinates: Self::coordinates(row),
            postal_code: row.read("postal_code", cell_words::postal_code),
            locality: row.read("locality", Name::new),
            street: row.read("street", Name::new).map(Sensitive::new),
        };
        if row.refused() > refused_before || address == Address::default() {
            return None;
        }
        let place = geocode::locate(&address)
            .map_err(|error| match error.field() {
                "" => row.refuse("street", error),
                field => row.refuse(field, error),
            })
            .ok()?;
        let same_address = |stored: &&Place| {
            (&stored.postal_code, &stored.locality, &stored.street)
                == (&place.postal_code, &place.locality, &place.street)
        };
        let by_hand = |stored: &&Place| stored.precision == Precision::Exact && address.coordinates.is_none();
        Some(stored.filter(by_hand).filter(same_address).cloned().unwrap_or(place))
    }

    fn coordinates(row: &mut RowReader<'_>) -> Option<Coordinates> {
        let refused_before = row.refused();
        let lat = row.read("latitude", domain::cell::decimal);
        let lon = row.read("longitude", domain::cell::decimal);
        match (lat, lon) {
            (Some(lat), Some(lon)) => Coordinates::new(lat, lon).map_err(|error| row.refuse("latitude", error)).ok(),
            (None, None) => None,
            _ if row.refused() > refused_before => None,
            _ => {
                row.refuse("latitude", "latitude and longitude go together");
                None
            }
        }
    }
}

/// The columns of a place.
const PLACE: [Field; 5] = [
    ("street", &["katuosoite", "osoite", "lähiosoite", "adress", "gatuadress", "address", "street address"], false),
    (
        "postal_code",
        &["postinumero", "postinro", "pnro", "postnummer", "postnr", "postal code", "postcode", "zip"],
        false,
    ),
    (
        "locality",
        &["paikkakunta", "postitoimipaikka", "kunta", "kaupunki", "kylä", "ort", "kommun", "city", "town"],
        false,
    ),
    ("latitude", &["leveysaste", "lat", "leveyspiiri", "latitud"], false),
    ("longitude", &["pituusaste", "lon", "lng", "pituuspiiri", "longitud"], false),
];
/// The columns that tell who somebody is.
const EXTERNAL_ID: Field = (
    "external_id",
    &["tunniste", "tunnus", "id", "numero", "nro", "jäsennumero", "ulkoinen tunniste", "external id", "number"],
    false,
);
const NAME: Field = ("name", &["nimi", "koko nimi", "namn", "full name"], false);
const FIRST_NAME: Field = ("first_name", &["etunimi", "etunimet", "förnamn", "first name", "given name"], false);
const LAST_NAME: Field = ("last_name", &["sukunimi", "efternamn", "last name", "surname", "family name"], false);
const PHONE: Field = (
    "phone",
    &["puhelin", "puhelinnumero", "puh", "puhnro", "matkapuhelin", "gsm", "telefon", "phone number", "mobile"],
    false,
);
const ASSOCIATION: Field =
    ("association", &["yhdistys", "järjestö", "taustayhdistys", "förening", "organisation", "organization"], false);
const LANGUAGES: Field = ("languages", &["kielet", "kieli", "kielitaito", "språk", "language"], false);
