//! What rows about volunteers and seekers have in common: who somebody is, where they live, and the columns that tell it.

use domain::cell::entries::Words;
use domain::cell::{RowReader, words as cell_words};
use domain::place::Address;
use domain::sheet::Columns;
use domain::{
    Association, AssociationId, Coordinates, Name, NetworkId, PhoneNumber, Place, Precision, Sensitive, WriteContext,
};
use store::Tx;
use store::import::{Field, RowKey};

use crate::{Error, References, geocode};

/// What rows about people have in common.
pub(super) struct People {
    pub(super) network: NetworkId,
    pub(super) ctx: WriteContext,
    pub(super) references: References,
    associations: Words<AssociationId>,
}

/// The fields that volunteers and seekers share.
pub(super) struct Person<'a> {
    pub(super) name: &'a mut Sensitive<Name>,
    pub(super) external_id: &'a mut Option<String>,
    pub(super) phone: &'a mut Option<PhoneNumber>,
    pub(super) association: &'a mut Option<AssociationId>,
    pub(super) home: &'a mut Option<Place>,
}

/// The name of a person whose row is yet to be read.
pub(super) fn unnamed() -> Sensitive<Name> {
    Sensitive::new(Name::new("x").expect("a letter is a name"))
}

impl People {
    pub(super) async fn read(tx: &mut Tx, ctx: &WriteContext, network: &NetworkId) -> Result<Self, Error> {
        let mut references = References::new(network.clone(), ctx.scope.clone(), ctx.now);
        let title = |association: &Association| vec![association.title.to_string()];
        let associations = references.associations(tx).await?.values();
        let associations =
            Words::new(associations.map(|association| (association.id.clone(), title(association))), "association");
        Ok(Self { network: network.clone(), ctx: ctx.clone(), references, associations })
    }

    /// Name columns: one for the whole name, or one each for first and last.
    pub(super) fn headings(columns: &Columns, problems: &mut domain::cell::Problems) {
        let in_parts = columns.has("first_name") && columns.has("last_name");
        if !columns.has("name") && !in_parts {
            problems.add(1, "name", "a column nimi (name) is needed, or etunimi and sukunimi (first name, last name)");
        }
    }

    pub(super) fn key(row: &mut RowReader<'_>) -> Option<RowKey> {
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

    pub(super) fn natural_key(name: &Name, phone: &PhoneNumber) -> String {
        format!("{}\n{}", domain::cell::fold(name.as_str()), phone.expose())
    }

    /// Reads what is told of every person. A row without a name is refused; what else is wrong with it is found all the same.
    pub(super) fn person(&self, row: &mut RowReader<'_>, person: Person<'_>) {
        if let Some(name) = Self::name(row) {
            *person.name = Sensitive::new(name);
        }
        if let Some(external_id) = row.text("external_id") {
            *person.external_id = Some(external_id.to_owned());
        }
        row.set(person.phone, "phone", |text| cell_words::phone(text).map(Some));
        *person.association = self.association(row, person.association.take());
        *person.home = Self::home(row, person.home.as_ref());
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
pub(super) const PLACE: [Field; 5] = [
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
pub(super) const EXTERNAL_ID: Field = (
    "external_id",
    &["tunniste", "tunnus", "id", "numero", "nro", "jäsennumero", "ulkoinen tunniste", "external id", "number"],
    false,
);
pub(super) const NAME: Field = ("name", &["nimi", "koko nimi", "namn", "full name"], false);
pub(super) const FIRST_NAME: Field =
    ("first_name", &["etunimi", "etunimet", "förnamn", "first name", "given name"], false);
pub(super) const LAST_NAME: Field =
    ("last_name", &["sukunimi", "efternamn", "last name", "surname", "family name"], false);
pub(super) const PHONE: Field = (
    "phone",
    &["puhelin", "puhelinnumero", "puh", "puhnro", "matkapuhelin", "gsm", "telefon", "phone number", "mobile"],
    false,
);
pub(super) const ASSOCIATION: Field =
    ("association", &["yhdistys", "järjestö", "taustayhdistys", "förening", "organisation", "organization"], false);
pub(super) const LANGUAGES: Field = ("languages", &["kielet", "kieli", "kielitaito", "språk", "language"], false);
