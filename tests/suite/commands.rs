//! What all commands have in common.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::server::copy;

/// Exit code and errors of a command whose output nobody reads: the other end of the pipe is closed from the start.
fn unread(content: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
    command.args(arguments).env("VDLM_CONTENT", content).stdout(writer).stderr(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_reader_who_leaves_changes_nothing_of_what_a_command_does() {
    let folder = tempfile::tempdir().unwrap();
    let (content, out) = (folder.path().join("content"), folder.path().join("out"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
    let spec = folder.path().join("descent.yaml");
    fs::write(&spec, "objective: rosenbrock\nstart: [-1, 1]\noptimizer: {name: adam, lr: 0.01}\nsteps: 3\n").unwrap();
    let quiet = |arguments: &[&str], code: i32| {
        let (exit, errors) = unread(&content, arguments);
        assert!(exit == Some(code) && !errors.contains("panicked"), "{arguments:?}: {exit:?} {errors}");
    };
    for format in ["human", "json", "github"] {
        quiet(&["check", "--format", format], 0);
    }
    quiet(&["lab", "explain"], 0);
    quiet(&["trace", spec.to_str().unwrap()], 0);
    quiet(&["build", out.to_str().unwrap(), "--no-compress", "--no-cards"], 0);
    assert!(out.join("index.html").is_file());
    fs::write(content.join("meetups/076.yaml"), "number: 76\nvenue: Nowhere\n").unwrap();
    for format in ["human", "json", "github"] {
        quiet(&["check", "--format", format], 1);
    }
    quiet(&["build", out.to_str().unwrap()], 1);
}

#[test]
fn a_folder_that_cannot_be_read_is_an_error_and_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (content, program) = (folder.path().join("content"), folder.path().join("vdlm"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
    fs::copy(env!("CARGO_BIN_EXE_vdlm"), &program).unwrap();
    fs::write(content.join("venues.yaml"), "- name: A\n  adress: B\n").unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(folder.path(), 0o755);
    mode(&content.join("jobs"), 0o000);
    let mut command = Command::new(program);
    command.arg("check").arg("--content").arg(&content).env("VDLM_CACHE", folder.path());
    // The superuser reads every folder.
    if rustix::process::geteuid().is_root() {
        command.uid(65534);
    }
    let output = command.output().unwrap();
    mode(&content.join("jobs"), 0o755);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("cannot read the folder jobs") && text.contains("unknown key `adress`"), "{text}");
    assert!(!text.contains("there is no job"), "{text}");
}
