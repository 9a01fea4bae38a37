//! Writes the seeds of every target into a folder, and the dictionary into `fuzz/mqtt.dict`.
//!
//! `seeds [FOLDER]`; without one, `fuzz/corpus`, where cargo-fuzz looks.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use mqtt_assay_fuzz::{dictionary, oracle, seed};

fn main() -> io::Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = env::args_os().nth(1);
    let folder = folder.map_or_else(|| package.join("corpus"), PathBuf::from);
    for (target, _) in oracle::ALL {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        for (name, bytes) in seed::seeds(target)?
            .into_iter()
            .chain(seed::corpus(target)?)
        {
            fs::write(folder.join(name), bytes)?;
        }
    }
    fs::write(package.join("mqtt.dict"), dictionary())
}
