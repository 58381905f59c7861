//! The container image and the compose file, as far as they can be checked without Docker.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use godkjent::config::unknown_variables;
use yaml_rust2::{Yaml, YamlLoader};

use super::program::{Directory, Running, free_port};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The paths that go to the builder.
fn context() -> Vec<String> {
    let file = read(".dockerignore");
    let paths = file.lines().filter_map(|line| line.strip_prefix('!'));
    paths.map(str::to_owned).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn everything_that_the_build_reads_goes_to_the_builder() {
    let context = context();
    let directory = Directory::new();
    for name in &context {
        std::os::unix::fs::symlink(root().join(name), directory.file(name)).unwrap();
    }
    // Cargo reads the manifests, and misses declared files.
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = cargo.current_dir(directory.file("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut files = vec![];
    sources(&root().join("src"), &mut files);
    let mut included = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for rest in
            text.split("include_str!(\"").skip(1).chain(text.split("include_bytes!(\"").skip(1))
        {
            let target = file.parent().unwrap().join(rest.split('"').next().unwrap());
            let target = target.canonicalize().unwrap_or_else(|_| panic!("{target:?} is missing"));
            let inside = target.strip_prefix(root().canonicalize().unwrap()).unwrap();
            let is_sent = context.iter().any(|it| inside.starts_with(it));
            assert!(is_sent, "{} is not in .dockerignore", inside.display());
            included += 1;
        }
    }
    assert!(included > 5, "{included}");
}

/// The command of the health check.
fn health_check() -> Vec<String> {
    let file = read("Dockerfile");
    let check = file.split("HEALTHCHECK").nth(1).unwrap().split("CMD ").nth(1).unwrap();
    serde_json::from_str(check.lines().next().unwrap()).unwrap()
}

#[test]
fn the_health_check_asks_the_configured_port() {
    let directory = Directory::new();
    let running = Running::start(&directory, &directory.sqlite());
    let check = |listen: &str| {
        let command = health_check();
        let mut program = Command::new(&command[0]);
        program
            .args(&command[1..])
            .env("GODKJENT_LISTEN", listen)
            .output()
            .unwrap()
            .status
            .success()
    };
    let port = running.address.rsplit_once(':').unwrap().1;
    assert!(check(&format!("0.0.0.0:{port}")) && check(port));
    assert!(!check(&format!("0.0.0.0:{}", free_port())));
}

fn is_pinned(image: &str) -> bool {
    let digest = image.split_once("@sha256:").map(|(_, digest)| digest);
    digest.is_some_and(|it| it.len() == 64 && it.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[test]
fn base_images_are_named_by_digest_and_variables_are_known() {
    let file = read("Dockerfile");
    let images: Vec<_> =
        file.lines().filter_map(|it| it.strip_prefix("ARG ")?.split_once("_IMAGE=")).collect();
    assert_eq!(images.len(), 2);
    assert!(images.iter().all(|(_, image)| is_pinned(image)), "{images:?}");
    for line in file.lines().filter(|line| line.starts_with("FROM ")) {
        assert!(line.starts_with("FROM ${"), "{line}");
    }
    let toolchain = images[0].1.split([':', '-']).nth(1).unwrap();
    let (major, minor) = toolchain.split_once('.').unwrap();
    let least = read("Cargo.toml");
    let least = least.split("rust-version = \"1.").nth(1).unwrap().split('"').next().unwrap();
    assert!(major == "1" && minor.parse::<u32>().unwrap() >= least.parse().unwrap());
    let words = file.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
    let variables: Vec<_> =
        words.filter(|it| it.starts_with("GODKJENT_")).map(str::to_owned).collect();
    assert!(variables.len() > 2);
    assert_eq!(unknown_variables(variables.into_iter()), [""; 0]);
}

#[test]
fn the_compose_file_sets_known_variables_and_keeps_what_is_written() {
    let all = YamlLoader::load_from_str(&read("compose.yaml")).unwrap();
    let services = &all[0]["services"];
    let (registry, database) = (&services["registry"], &services["database"]);
    let environment = registry["environment"].as_hash().unwrap();
    let text = |it: &Yaml| it.as_str().unwrap_or_else(|| panic!("no text: {it:?}")).to_owned();
    let names: Vec<_> = environment.keys().map(text).collect();
    assert!(names.len() > 4 && names.iter().all(|it| it.starts_with("GODKJENT_")), "{names:?}");
    assert_eq!(unknown_variables(names.into_iter()), [""; 0]);
    // The database is that of the other service.
    let of_database = |name: &str| text(&database["environment"][name]);
    let url = text(&registry["environment"]["GODKJENT_DATABASE_URL"]);
    let (user, name, password) = (
        of_database("POSTGRES_USER"),
        of_database("POSTGRES_DB"),
        of_database("POSTGRES_PASSWORD"),
    );
    assert_eq!(url, format!("postgres://{user}:{password}@database/{name}"));
    assert!(is_pinned(&text(&database["image"])));
    // The root is read-only: what is written is on a volume.
    assert_eq!(registry["read_only"].as_bool(), Some(true));
    assert_eq!(text(&registry["volumes"][0]), "registry:/data");
    for name in ["GODKJENT_EVIDENCE_STORE", "GODKJENT_CHECKPOINT_KEY"] {
        assert!(text(&registry["environment"][name]).contains("/data/"), "{name}");
    }
    let published = text(&registry["ports"][0]);
    let listen = text(&registry["environment"]["GODKJENT_LISTEN"]);
    assert_eq!(published.rsplit(':').next(), listen.rsplit(':').next());
    for volume in ["registry", "database"] {
        assert!(all[0]["volumes"].as_hash().unwrap().contains_key(&Yaml::from_str(volume)));
    }
}
