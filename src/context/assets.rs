//! Style sheet, fonts and icon. Their addresses hold a hash of their bytes, so that browsers may keep them for good.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

use super::{Answer, CachePolicy, Kind};

pub(crate) const KIND: Kind = Kind {
    answer: |request| {
        let asset = ASSETS.by_address.get(request.path)?;
        Some(Answer::new(200, asset.media_type, CachePolicy::Immutable, asset.bytes.clone()))
    },
    paths: |_| ASSETS.by_address.keys().cloned().collect(),
};

/// Addresses.
const FOLDER: &str = "/static/";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

struct Asset {
    media_type: &'static str,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Assets {
    by_address: BTreeMap<String, Asset>,
    addresses: BTreeMap<String, String>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::load);

/// The address of a file in `static/`. A name that is not there gives an empty address, which the tests would find.
pub(crate) fn address(name: &str) -> &'static str {
    ASSETS.addresses.get(name).map_or("", String::as_str)
}

impl Assets {
    /// The style sheet last: it names the fonts, and its own address must change with theirs.
    fn load() -> Self {
        let (sheets, others): (Vec<_>, Vec<_>) = Files::iter().partition(|name| name.ends_with(".css"));
        let mut assets = Self::default();
        for name in others.iter().chain(&sheets) {
            let Some(file) = Files::get(name) else { continue };
            let bytes = if name.ends_with(".css") { assets.with_addresses(&file.data) } else { file.data.to_vec() };
            assets.add(name, bytes);
        }
        assets
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        // 40 bits tell versions of one file apart; the whole hash would only lengthen every page.
        let hash = &blake3::hash(&bytes).to_hex()[..10];
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let address = format!("{FOLDER}{stem}.{hash}.{ending}");
        self.by_address.insert(address.clone(), Asset { media_type: media_type(ending), bytes });
        self.addresses.insert(name.to_owned(), address);
    }

    /// The style sheet with the final address in each `url(…)`, from its own folder, so that it holds wherever the site
    /// is.
    fn with_addresses(&self, sheet: &[u8]) -> Vec<u8> {
        let mut text = String::from_utf8_lossy(sheet).into_owned();
        for (name, address) in &self.addresses {
            let address = address.trim_start_matches(FOLDER);
            text = text.replace(&format!("url({name})"), &format!("url({address})"));
        }
        text.into_bytes()
    }
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_names_fonts_by_their_final_addresses() {
        let sheet = &ASSETS.by_address[address("site.css")];
        let text = String::from_utf8(sheet.bytes.clone()).unwrap();
        let urls: Vec<&str> = text.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(urls.len() >= 4, "{urls:?}");
        for url in urls {
            assert!(ASSETS.by_address.contains_key(&format!("{FOLDER}{url}")), "{url}");
        }
    }

    #[test]
    fn fonts_stay_small_and_their_licence_is_beside_them() {
        let is_font = |address: &str| address.ends_with(".woff2");
        let size = |is: &dyn Fn(&str) -> bool| -> usize {
            let fonts = ASSETS.by_address.iter().filter(|(address, _)| is_font(address) && is(address));
            fonts.map(|(_, asset)| asset.bytes.len()).sum()
        };
        // Browsers read the first on any page, the others where one of their letters or a formula is.
        let (further, formulas) =
            (|address: &str| address.contains("-ext."), |address: &str| address.contains("-math."));
        let sizes = [size(&|address| !further(address) && !formulas(address)), size(&further), size(&formulas)];
        for (size, most) in sizes.into_iter().zip([106, 22, 60]) {
            assert!(size > 10_000 && size <= most * 1024, "{sizes:?} bytes of fonts");
        }
        assert!(ASSETS.addresses.keys().any(|name| name.contains("OFL")));
    }
}
