# Lists the recipes.
default:
    @just --list

# What CI runs: format, lints, tests, documents.
check:
    .ci/run

# The dashboard on the sample district.
demo:
    cargo run --release

# Benches of the figures, the load and the frame.
bench:
    cargo bench --bench figures

# Accept changed screen pictures after looking at them.
pictures:
    cargo insta review

# The long torture: kills, concurrent writers, dropped terminals.
torture tools="../shared/tools/torture":
    cargo build --release
    python3 {{tools}}/kill9.py --dukao target/release/dukao --district config --kills 1000
    python3 {{tools}}/conc.py --dukao target/release/dukao --district config --procs 50 --writes 20
    python3 {{tools}}/drop.py --dukao target/release/dukao --district config --count 250
