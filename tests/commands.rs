//! The command line, in temporary projects: what it does to files, what it says, how it exits.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use support::{ECHO, HANDLED, Project, finish};

#[test]
fn a_run_creates_what_is_missing_and_a_second_one_touches_nothing() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr, @r"
         Created src/ws/chat/desk.rs
         Created src/ws/chat.rs
         Created src/ws/mod.rs
    ");
    let modified = |path: &str| fs::metadata(project.at(path)).unwrap().modified().unwrap();
    let before = ["src/ws/chat.rs", "src/ws/chat/desk.rs", "src/ws/mod.rs"].map(modified);
    let again = project.done(&["ws"]);
    insta::assert_snapshot!(again.stderr, @"   Unchanged all 3 files");
    assert_eq!(
        before,
        ["src/ws/chat.rs", "src/ws/chat/desk.rs", "src/ws/mod.rs"].map(modified)
    );
    assert!(
        project
            .done(&["ws", "-v"])
            .stderr
            .contains("Unchanged src/ws/chat/desk.rs")
    );
    assert_eq!(project.done(&["ws", "-q"]).stderr, "");
}

#[test]
fn check_writes_nothing_and_names_each_file_its_reason_and_the_fix() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.write("specs/echo.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    project.write(
        "src/ws/chat.rs",
        project
            .read("src/ws/chat.rs")
            .replace("Duration::from_secs(30)", "Duration::from_secs(31)"),
    );
    project.write(
        "src/ws/echo.rs",
        project.read("src/ws/echo.rs").replace('\n', "\r\n"),
    );
    project.remove("specs/old.yaml");
    project.remove("src/ws/chat/desk.rs");
    let before = project.tree();
    let run = project.run(&["ws", "--check"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.tree(), before);
}

#[test]
fn the_fix_repeats_the_arguments_of_the_check() {
    let project = Project::new();
    project.write("my specs/chat.yaml", ECHO);
    let run = project.run(&[
        "ws",
        "--check",
        "--specs",
        "my specs",
        "--out",
        "src/sockets",
    ]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr
            .contains("run `autumn-gen ws --specs 'my specs' --out src/sockets` and commit"),
        "{}",
        run.stderr
    );
    project.done(&["ws", "--specs", "my specs", "--out", "src/sockets"]);
    assert_eq!(
        project
            .run(&[
                "ws",
                "--check",
                "--specs",
                "my specs",
                "--out",
                "src/sockets"
            ])
            .code,
        0
    );
}

#[test]
fn dry_run_tells_what_would_happen() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    project.remove("specs/old.yaml");
    project.write("specs/new.yaml", HANDLED);
    project.write("specs/chat.yaml", ECHO.replace("/echo", "/elsewhere"));
    let before = project.tree();
    let run = project.done(&["ws", "--dry-run"]);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_file_edited_by_hand_is_kept_until_forced() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    let generated = project.read("src/ws/chat.rs");
    let edited = generated.replace("close_code::AWAY", "1001");
    project.write("src/ws/chat.rs", &edited);
    project.write("specs/other.yaml", ECHO.replace("/echo", "/other"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.read("src/ws/chat.rs"), edited);
    assert!(
        !project.exists("src/ws/other.rs"),
        "written although refused"
    );
    project.done(&["ws", "--force"]);
    assert_eq!(project.read("src/ws/chat.rs"), generated);
}

#[test]
fn a_file_that_is_not_ours_is_kept() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("src/ws/chat.rs", "fn mine() {}\n");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("src/ws/chat.rs: not written by autumn-gen"),
        "{}",
        run.stderr
    );
    assert_eq!(project.read("src/ws/chat.rs"), "fn mine() {}\n");
}

#[test]
fn handwritten_code_is_never_touched() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs") + "// mine\n";
    project.write("src/ws/chat/desk.rs", &mine);
    project.done(&["ws", "--force"]);
    assert_eq!(project.read("src/ws/chat/desk.rs"), mine);
    project.write("specs/chat.yaml", ECHO);
    project.done(&["ws", "--force"]);
    assert_eq!(
        project.read("src/ws/chat/desk.rs"),
        mine,
        "removed with its endpoint"
    );
}

#[test]
fn a_renamed_spec_leaves_nothing_behind() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/admin/audit.yaml", ECHO.replace("/echo", "/audit"));
    project.done(&["ws"]);
    fs::rename(project.at("specs/chat.yaml"), project.at("specs/talk.yaml")).unwrap();
    fs::remove_dir_all(project.at("specs/admin")).unwrap();
    project.done(&["ws"]);
    let files: Vec<String> = project.tree().into_iter().map(|(path, _)| path).collect();
    assert_eq!(files, ["src/ws/mod.rs", "src/ws/talk.rs"]);
    assert!(!project.exists("src/ws/admin"), "an empty folder is left");
}

#[test]
fn a_left_over_file_that_was_edited_is_kept() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/old.yaml", ECHO.replace("/echo", "/old"));
    project.done(&["ws"]);
    project.remove("specs/old.yaml");
    project.write("src/ws/old.rs", project.read("src/ws/old.rs") + "// mine\n");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr
            .contains("src/ws/old.rs: left over, and edited by hand"),
        "{}",
        run.stderr
    );
    assert!(project.exists("src/ws/old.rs"));
    project.done(&["ws", "--force"]);
    assert!(!project.exists("src/ws/old.rs"));
}

#[test]
fn one_bad_spec_means_nothing_is_written() {
    let project = Project::with_spec("good.yaml", ECHO);
    project.write(
        "specs/bad.yaml",
        "version: 1\nendpoints:\n  e: { path: nowhere }\n",
    );
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("specs/bad.yaml:3:14"), "{}", run.stderr);
    assert!(!project.exists("src"));
}

#[test]
fn mistakes_across_specs_name_both_places() {
    let project = Project::with_spec(
        "a.yaml",
        "version: 1\nstate: crate::App\nchannels: { room: \"room:{id}\" }\nendpoints:\n  one: { path: \"/x/{id}\", subscribe: [room], on_message: echo }\n",
    );
    project.write("specs/b.yaml", "version: 1\nchannels: { hall: \"room:hall\" }\nendpoints:\n  two: { path: \"/x/{other}\", subscribe: [hall], on_message: echo }\n");
    project.write("specs/c-d.yaml", ECHO);
    project.write("specs/c_d.yaml", ECHO.replace("/echo", "/other"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn a_named_spec_is_generated_alone() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("specs/other.yaml", ECHO.replace("/echo", "/other"));
    project.done(&["ws"]);
    project.write("specs/chat.yaml", ECHO.replace("/echo", "/new"));
    project.write("specs/other.yaml", ECHO.replace("/echo", "/newer"));
    project.done(&["ws", "specs/chat.yaml"]);
    assert!(project.read("src/ws/chat.rs").contains("\"/new\""));
    assert!(project.read("src/ws/other.rs").contains("\"/other\""));
    let elsewhere = project.run(&["ws", "Cargo.toml"]);
    assert_eq!(elsewhere.code, 3);
    assert!(
        elsewhere.stderr.contains("is not a spec of this project"),
        "{}",
        elsewhere.stderr
    );
    fs::remove_dir_all(project.at("specs")).unwrap();
    fs::create_dir(project.at("specs")).unwrap();
    let nowhere = project.run(&["ws", "--stdout", "nope.yaml"]);
    assert_eq!(nowhere.code, 3);
    assert!(nowhere.stderr.contains("nope.yaml"), "{}", nowhere.stderr);
}

#[test]
fn code_can_be_printed_instead() {
    let project = Project::with_spec("chat.yaml", ECHO);
    let all = project.done(&["ws", "--stdout"]);
    assert!(
        all.stdout.contains("// ==> src/ws/mod.rs <==")
            && all.stdout.contains("// ==> src/ws/chat.rs <==")
    );
    assert!(!project.exists("src"));
    let named = project.done(&["ws", "--stdout", "specs/chat.yaml"]);
    assert!(
        named.stdout.starts_with("// @generated by autumn-gen"),
        "{}",
        named.stdout
    );
    project.done(&["ws"]);
    assert_eq!(named.stdout, project.read("src/ws/chat.rs"));
}

#[test]
fn a_spec_can_come_from_standard_input() {
    let project = Project::new();
    let read = |text: &str| {
        let mut command = project.command(&["ws", "--stdout", "-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    };
    let printed = read(ECHO);
    assert!(printed.status.success());
    assert!(
        String::from_utf8(printed.stdout)
            .unwrap()
            .contains("async fn echo_session")
    );
    let refused = read("version: 2\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("--> -:1:10")
    );
    assert_eq!(project.run(&["ws", "-"]).code, 3);
}

#[test]
fn folders_come_from_the_manifest_and_the_flag_wins() {
    let project = Project::new();
    project.write(
        "Cargo.toml",
        project.read("Cargo.toml")
            + "[package.metadata.autumn-gen]\nspecs = \"api\"\nout = \"src/live\"\n",
    );
    project.write("api/chat.yaml", ECHO);
    fs::create_dir_all(project.at("src/deep")).unwrap();
    let run = finish(project.command(&["ws"]).current_dir(project.at("src/deep")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(project.exists("src/live/chat.rs"));
    project.done(&["ws", "--out", "src/other"]);
    assert!(project.exists("src/other/chat.rs"));
    project.write(
        "Cargo.toml",
        project.read("Cargo.toml").replace("out =", "output ="),
    );
    let wrong = project.run(&["ws"]);
    assert_eq!(wrong.code, 3);
    assert!(
        wrong.stderr.contains("unknown field `output`"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_handler_that_lacks_a_method_is_told_with_the_stub() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    project.write("specs/chat.yaml", "version: 1\nchannels: { news: }\nendpoints:\n  desk: { path: /desk, subscribe: { news: handle }, shutdown: { notify: handle } }\n");
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert!(
        !project.read("src/ws/chat/desk.rs").contains("on_news"),
        "the user's file was touched"
    );
}

#[test]
fn the_environment_is_told_apart() {
    let project = Project::new();
    let no_folder = project.run(&["ws"]);
    assert_eq!(no_folder.code, 3);
    assert!(
        no_folder.stderr.contains("there is no folder `specs`"),
        "{}",
        no_folder.stderr
    );
    let no_manifest = project.run(&["ws", "--manifest-path", "nowhere/Cargo.toml"]);
    assert_eq!(no_manifest.code, 3);
    let no_flag = project.run(&["ws", "--no-such-flag"]);
    assert_eq!(no_flag.code, 3);
    assert_eq!(project.run(&["--version"]).code, 0);
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_project_are_refused() {
    let outside = Project::with_spec("secret.yaml", ECHO);
    let project = Project::with_spec("chat.yaml", ECHO);
    std::os::unix::fs::symlink(outside.at("specs"), project.at("specs/linked")).unwrap();
    let read = project.run(&["ws"]);
    assert_eq!(read.code, 3);
    assert!(
        read.stderr
            .contains("`specs/linked` is a symbolic link that leads out of the project"),
        "{}",
        read.stderr
    );
    fs::remove_file(project.at("specs/linked")).unwrap();
    fs::create_dir_all(project.at("src")).unwrap();
    std::os::unix::fs::symlink(outside.path(), project.at("src/ws")).unwrap();
    let written = project.run(&["ws"]);
    assert_eq!(written.code, 3);
    assert!(!outside.exists("chat.rs"));
}

#[cfg(unix)]
#[test]
fn a_spec_that_is_a_pipe_does_not_hang() {
    let project = Project::with_spec("chat.yaml", ECHO);
    let made = std::process::Command::new("mkfifo")
        .arg(project.at("specs/pipe.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
}

#[test]
fn a_place_where_nothing_can_be_written_is_told() {
    let project = Project::with_spec("chat.yaml", ECHO);
    // A file where a folder must be: this stops even root, whom permissions do not.
    project.write("src/ws", "in the way");
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("src/ws"), "{}", run.stderr);
    assert_eq!(project.read("src/ws"), "in the way");
}

#[test]
fn runs_at_the_same_time_agree() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    for index in 0..20 {
        project.write(
            &format!("specs/s{index}.yaml"),
            HANDLED.replace("/desk", &format!("/{index}")),
        );
    }
    let children: Vec<_> = (0..8)
        .map(|_| {
            project
                .command(&["ws", "-q"])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    let leftovers: Vec<_> = project
        .tree()
        .into_iter()
        .filter(|(path, _)| path.contains(".autumn-gen-"))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");
}

#[test]
fn what_a_killed_run_has_left_is_removed() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    for path in [
        "src/ws/.autumn-gen-old",
        "src/ws/chat/.autumn-gen-new",
        "src/ws/.other-old",
    ] {
        project.write(path, "cut off");
        if path.ends_with("old") {
            let file = fs::File::options().write(true).open(project.at(path));
            let long_ago = SystemTime::now() - Duration::from_hours(2);
            file.unwrap().set_modified(long_ago).unwrap();
        }
    }
    let check = project.run(&["ws", "--check"]);
    assert_eq!(check.code, 1, "{}", check.stderr);
    let told = "src/ws/.autumn-gen-old: left over by a run that was killed";
    assert!(check.stderr.contains(told), "{}", check.stderr);
    assert!(!check.stderr.contains("-new"), "{}", check.stderr);
    let run = project.done(&["ws"]);
    assert!(
        run.stderr.contains("Removed src/ws/.autumn-gen-old"),
        "{}",
        run.stderr
    );
    assert!(!project.exists("src/ws/.autumn-gen-old"));
    assert!(
        project.exists("src/ws/chat/.autumn-gen-new"),
        "a run at the same time needs it"
    );
    assert!(project.exists("src/ws/.other-old"), "it is not ours");
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
}

/// A scanner that looks at every open bracket again for each token would take most of an hour.
#[test]
fn a_spec_of_brackets_is_refused_at_once() {
    for before in [
        "",
        "a: ",
        "a:\n- ",
        "a: [\"]\", ']', it's, # ]\n",
        "a: |\n  x\nb: ",
    ] {
        let start = format!("version: 1\n{before}");
        let project = Project::with_spec(
            "deep.yaml",
            start.clone() + &"[".repeat((1 << 20) - start.len()),
        );
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 2, "{before:?}");
        assert!(run.stderr.contains("nested too deeply"), "{}", run.stderr);
    }
}

#[test]
fn a_description_of_brackets_is_a_description() {
    let start = ECHO.to_owned() + "description: \"";
    for piece in ["[", "[a](", "[a](/"] {
        let pieces = piece.repeat(((1 << 20) - start.len() - 2) / piece.len());
        let project = Project::with_spec("deep.yaml", format!("{start}{pieces}\"\n"));
        project.done(&["ws"]);
    }
}

#[test]
fn a_new_project_is_complete_and_never_lands_on_something() {
    let project = Project::new();
    project.done(&["new", "demo"]);
    for path in [
        "Cargo.toml",
        "README.md",
        ".gitignore",
        "specs/chat.yaml",
        "src/main.rs",
        "src/tests.rs",
        "src/ws/mod.rs",
        "src/ws/chat.rs",
        "src/ws/chat/greeter.rs",
    ] {
        assert!(project.exists(&format!("demo/{path}")), "{path} is missing");
    }
    // The project around it is a workspace, to which the new one does not belong.
    assert!(project.read("demo/Cargo.toml").contains("\n[workspace]\n"));
    assert_eq!(
        project
            .run(&["ws", "--check", "--manifest-path", "demo/Cargo.toml"])
            .code,
        0
    );
    let again = project.run(&["new", "demo"]);
    assert_eq!(again.code, 4);
    assert!(
        again.stderr.contains("`demo` exists already"),
        "{}",
        again.stderr
    );
    for name in ["1st", "fn", "tokio", "a b", "über"] {
        assert_eq!(project.run(&["new", name]).code, 3, "{name}");
        assert!(!project.exists(name));
    }
    let entries = fs::read_dir(project.path()).unwrap().count();
    assert_eq!(entries, 2, "something was left beside Cargo.toml and demo");
}

#[test]
fn a_new_spec_named_alone_still_gives_a_tree_that_holds_together() {
    let project = Project::with_spec("a.yaml", ECHO);
    project.write("specs/b.yaml", HANDLED);
    project.write("specs/admin.yaml", ECHO.replace("/echo", "/admin"));
    project.done(&["ws", "specs/a.yaml"]);
    // `mod.rs` declares them all, so what was missing is there too.
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
    project.write("specs/admin/audit.yaml", ECHO.replace("/echo", "/audit"));
    project.done(&["ws", "specs/admin/audit.yaml"]);
    assert!(project.read("src/ws/admin.rs").contains("pub mod audit;"));
    assert_eq!(project.run(&["ws", "--check"]).code, 0);
}

#[test]
fn a_renamed_endpoint_leaves_its_code_and_says_so() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs") + "// who may enter\n";
    project.write("src/ws/chat/desk.rs", &mine);
    project.write("src/ws/chat/desk/parts.rs", "// declared by desk.rs\n");
    project.write("specs/chat.yaml", HANDLED.replace("desk:", "counter:"));
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.read("src/ws/chat/desk.rs"), mine);
    let again = project.run(&["ws", "--check"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again
            .stderr
            .contains("warning: src/ws/chat/desk.rs is not used by any spec"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_removed_endpoint_takes_nothing_of_the_users_along() {
    let project = Project::with_spec(
        "chat.yaml",
        format!("{HANDLED}  echo: {{ path: /echo, on_message: echo }}\n"),
    );
    project.done(&["ws"]);
    project.write("specs/chat.yaml", ECHO);
    let run = project.done(&["ws"]);
    assert!(!project.read("src/ws/chat.rs").contains("mod desk;"));
    assert!(project.exists("src/ws/chat/desk.rs"));
    assert!(run.stderr.contains("src/ws/chat/desk.rs is not used by any spec, and so not compiled; move it, or delete it"), "{}", run.stderr);
}

#[test]
fn force_can_be_rehearsed() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    let edited = project.read("src/ws/chat.rs") + "// mine\n";
    project.write("src/ws/chat.rs", &edited);
    project.write("src/ws/other.rs", "// not ours\n");
    project.write("specs/other.yaml", ECHO.replace("/echo", "/other"));
    let told = project.done(&["ws", "--dry-run"]).stderr;
    assert!(
        told.contains("Refuse src/ws/chat.rs (edited by hand)"),
        "{told}"
    );
    let forced = project.done(&["ws", "--dry-run", "--force"]).stderr;
    assert!(
        forced.contains("Update src/ws/chat.rs (edited by hand)"),
        "{forced}"
    );
    assert!(
        forced.contains("Refuse src/ws/other.rs (not written by autumn-gen)"),
        "{forced}"
    );
    assert_eq!(project.read("src/ws/chat.rs"), edited);
}

#[test]
fn a_folder_without_specs_removes_nothing() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.done(&["ws"]);
    fs::create_dir(project.at("empty")).unwrap();
    let run = project.run(&["ws", "--specs", "empty"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("there is no spec in `empty`"),
        "{}",
        run.stderr
    );
    assert!(project.exists("src/ws/chat.rs"));
}

#[test]
fn specs_beside_the_package_are_named_by_the_way_to_them() {
    let workspace = Project::new();
    workspace.write("specs/chat.yaml", ECHO);
    workspace.write("app/Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[package.metadata.autumn-gen]\nspecs = \"../specs\"\n");
    workspace.done(&["ws", "--manifest-path", "app/Cargo.toml"]);
    let header = workspace.read("app/src/ws/chat.rs");
    assert!(
        header.starts_with("// @generated by autumn-gen (format 1) from ../specs/chat.yaml. "),
        "{header}"
    );
}

#[test]
fn what_is_no_text_is_told() {
    let project = Project::with_spec("binary.yaml", [0xff, 0xfe, 0x00]);
    project.write("specs/nul.yaml", "version: 1\0");
    project.write("specs/large.yaml", vec![b'#'; 10 * 1024 * 1024]);
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn a_warning_stops_nothing() {
    let project = Project::with_spec("chat.yaml", format!("{ECHO}channels:\n  lobby:\n"));
    let run = project.done(&["ws"]);
    insta::assert_snapshot!(run.stderr);
    assert_eq!(project.done(&["ws", "-q"]).stderr, "");
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_told() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    fs::create_dir_all(project.at("src/ws/chat")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.at("src/ws/chat/desk.rs")).unwrap();
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("src/ws/chat/desk.rs"), "{}", run.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let project = Project::with_spec("chat.yaml", ECHO);
    // Not even root may create files here.
    let run = project.run(&["ws", "--out", "/proc/sockets"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("cannot write `/proc/sockets/"),
        "{}",
        run.stderr
    );
}

#[test]
fn colour_follows_the_environment() {
    let project = Project::with_spec("bad.yaml", "version: 1\nendpoints:\n  e: { path: x }\n");
    let has_colour = |variables: &[(&str, &str)]| {
        let mut command = project.command(&["ws"]);
        finish(command.envs(variables.iter().copied()))
            .stderr
            .contains('\u{1b}')
    };
    assert!(has_colour(&[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!has_colour(&[]));
}

#[test]
fn a_handler_may_be_a_folder_with_a_mod_rs() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs");
    project.remove("src/ws/chat/desk.rs");
    project.write("src/ws/chat/desk/mod.rs", mine);
    let run = project.done(&["ws"]);
    assert!(
        !project.exists("src/ws/chat/desk.rs"),
        "two files for one module"
    );
    assert!(!run.stderr.contains("not used"), "{}", run.stderr);
}

#[test]
fn what_others_have_generated_is_left_alone() {
    let project = Project::with_spec("chat.yaml", ECHO);
    project.write("other/talk.yaml", ECHO.replace("/echo", "/talk"));
    project.write(
        "inner/Cargo.toml",
        "[package]\nname = \"inner\"\nversion = \"0.1.0\"\n",
    );
    project.write("inner/specs/chat.yaml", ECHO);
    project.write("src/main.rs", "fn main() {}\n");
    project.done(&["ws", "--manifest-path", "inner/Cargo.toml"]);
    project.done(&["ws", "--specs", "other", "--out", "src/ws/other"]);
    let run = project.done(&["ws"]);
    assert!(
        project.exists("src/ws/other/talk.rs"),
        "another set of specs has made it"
    );
    assert!(!run.stderr.contains("not used"), "{}", run.stderr);
    let everywhere = project.done(&["ws", "--out", "."]);
    assert!(
        project.exists("inner/src/ws/chat.rs"),
        "another package has made it"
    );
    assert!(
        !everywhere.stderr.contains("main.rs"),
        "{}",
        everywhere.stderr
    );
}

#[test]
fn a_handler_of_any_shape_does_not_matter() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let deep = format!(
        "fn x() {{ {}{} }}",
        "(".repeat(200_000),
        ")".repeat(200_000)
    );
    project.write(
        "src/ws/chat/desk.rs",
        format!("impl DeskHandler for Desk {{}}\n{deep}"),
    );
    let run = project.done(&["ws"]);
    assert!(run.stderr.contains("lacks methods"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_does_not_hang() {
    for place in ["src/ws/chat.rs", "src/ws/chat/desk.rs"] {
        let project = Project::with_spec("chat.yaml", HANDLED);
        fs::create_dir_all(project.at("src/ws/chat")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(project.at(place))
            .status()
            .unwrap();
        assert!(made.success());
        let run = project.run(&["ws"]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.stderr.contains("not a regular file"), "{}", run.stderr);
    }
}

#[test]
fn a_spec_may_not_be_called_like_a_crate_that_types_come_from() {
    let project = Project::with_spec("sample.yaml", format!("state: sample::App\n{ECHO}"));
    let run = project.run(&["ws"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("a spec cannot be called `sample`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_folder_becomes_a_spec_and_a_spec_a_folder() {
    let project = Project::with_spec("admin/audit.yaml", ECHO.replace("/echo", "/audit"));
    project.done(&["ws"]);
    assert!(project.exists("src/ws/admin/mod.rs"));
    project.write("specs/admin.yaml", ECHO);
    project.done(&["ws"]);
    assert!(
        project.exists("src/ws/admin.rs") && !project.exists("src/ws/admin/mod.rs"),
        "two files for one module"
    );
    project.remove("specs/admin.yaml");
    project.done(&["ws"]);
    assert!(
        !project.exists("src/ws/admin.rs") && project.exists("src/ws/admin/mod.rs"),
        "two files for one module"
    );
}

#[test]
fn a_handler_without_its_trait_is_told() {
    let project = Project::with_spec("chat.yaml", HANDLED);
    project.done(&["ws"]);
    let mine = project.read("src/ws/chat/desk.rs");
    project.remove("src/ws/chat/desk.rs");
    project.write("src/ws/chat/counter.rs", mine);
    project.write("specs/chat.yaml", HANDLED.replace("desk:", "counter:"));
    let run = project.done(&["ws"]);
    let note = "note: src/ws/chat/counter.rs has no `impl CounterHandler for Counter`";
    assert!(run.stderr.contains(note), "{}", run.stderr);
}

#[test]
fn as_many_specs_and_endpoints_as_there_may_be() {
    let project = Project::new();
    for index in 0..999 {
        project.write(
            &format!("specs/s{index}.yaml"),
            ECHO.replace("/echo", &format!("/{index}")),
        );
    }
    let endpoint = |index| {
        format!("  endpoint_{index}: {{ path: /many/endpoints/{index}, on_message: echo }}\n")
    };
    let endpoints: String = (0..500).map(endpoint).collect();
    project.write(
        "specs/many.yaml",
        format!("version: 1\nendpoints:\n{endpoints}"),
    );
    project.done(&["ws", "-q"]);
    assert_eq!(project.tree().len(), 1001);
}
