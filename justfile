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

# What a person feels on a terminal, beside less and vim on the same rows: first picture, keys, bytes, rest, memory.
bench-tty tools="../shared/tools":
    cargo build --release
    BENCH=$(mktemp -d) && target/release/dukao --database "$BENCH/year.db" projects > "$BENCH/projects.tsv" && \
        BENCH=$BENCH DUKAO=target/release/dukao python3 {{tools}}/ptybench.py --compare tools/bench-tty.json

# What is generated from the program: the key tables of the READMEs, the pictures in docs/pictures.
documents:
    DUKAO_DOCUMENTS=1 cargo test --test it screens::documents

# A million random keys over all roles and views.
storm-keys keys="1000000" seed="0":
    DUKAO_STORM_KEYS={{keys}} DUKAO_STORM_SEED={{seed}} cargo test --test it storm -- --nocapture

# Ten thousand damaged workbooks, each cut or flipped somewhere.
flip-workbooks flips="10000" seed="20140712":
    DUKAO_FLIPS={{flips}} DUKAO_CUTS=100 DUKAO_FLIP_SEED={{seed}} cargo test --test it workbooks::hostile::cut -- --nocapture

# Score sheets and records through LibreOffice and back (needs soffice; without it the tests say that they are skipped).
libreoffice:
    cargo test --test it workbooks::office -- --nocapture

# Accept changed screen pictures after looking at them.
pictures:
    cargo insta review

# Nonsense of every kind into every border: plans, records, filters, keys, pasted blocks.
fuzz runs="100000" seed="1":
    DUKAO_FUZZ={{runs}} DUKAO_STORM_SEED={{seed}} cargo test --test it fuzz -- --nocapture

# The long torture: every row of the fault tests, hours of it; `just torture --rows F1,F12` some of them, `--short` as CI does.
torture *options:
    cargo build --release
    python3 tools/torture/run.py --dukao target/release/dukao --district config {{options}}
