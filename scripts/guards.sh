#!/usr/bin/env bash
# Proves the walls between the crates (ARCHITECTURE.md, "What must not be there") from `cargo tree`.
#
# Names are compared, not exit codes: `cargo tree --invert` fails for a crate that is absent and for one that is misspelt
# alike. Every name that is written here must therefore be one of Cargo.lock's, and the last lines check that this script
# can fail.
set -euo pipefail
cd "$(dirname "$0")/.."

failures=0

fail() {
    echo "guards: $1" >&2
    failures=$((failures + 1))
}

# The packages that a package reaches through normal dependencies with all features, without itself.
# Further arguments go to cargo, such as `--depth 1` for its direct ones.
reached_by() {
    local package=$1 tree names
    shift
    tree=$(cargo tree --locked --quiet --all-features --edges normal --prefix none --format '{p}' --package "$package" "$@")
    names=$(awk 'NF { print $1 }' <<<"$tree" | sort --unique)
    if ! grep --quiet --line-regexp --fixed-strings "$package" <<<"$names"; then
        echo "guards: cargo tree did not show $package" >&2
        return 1
    fi
    grep --invert-match --line-regexp --fixed-strings "$package" <<<"$names" || true
}

known_names=$(awk -F'"' '/^name = / { print $2 }' Cargo.lock | sort --unique)

# The names among $2 that match the pattern $1, in which `*` is any run of characters.
matching() {
    local name
    while read -r name; do
        # shellcheck disable=SC2053 # the right side is meant as a pattern
        if [[ -n $name && $name == $1 ]]; then
            echo "$name"
        fi
    done <<<"$2"
}

forbid() {
    local package=$1 how=$2 reached=$3 pattern found
    shift 3
    for pattern in "$@"; do
        if [ -z "$(matching "$pattern" "$known_names")" ]; then
            fail "no crate in Cargo.lock is called $pattern, so nothing is proved about it"
            continue
        fi
        found=$(matching "$pattern" "$reached")
        if [ -n "$found" ]; then
            fail "$package must not $how $(tr '\n' ' ' <<<"$found")"
        fi
    done
}

must_never_reach() {
    local package=$1 reached
    shift
    if ! reached=$(reached_by "$package"); then
        fail "the dependencies of $package cannot be listed"
        return
    fi
    forbid "$package" reach "$reached" "$@"
}

must_not_name() {
    local package=$1 reached
    shift
    if ! reached=$(reached_by "$package" --depth 1); then
        fail "the dependencies of $package cannot be listed"
        return
    fi
    forbid "$package" name "$reached" "$@"
}

may_only_name() {
    local package=$1 reached name
    shift
    if ! reached=$(reached_by "$package" --depth 1); then
        fail "the dependencies of $package cannot be listed"
        return
    fi
    for name in "$@"; do
        if ! grep --quiet --line-regexp --fixed-strings "$name" <<<"$known_names"; then
            fail "no crate in Cargo.lock is called $name"
        fi
    done
    for name in $reached; do
        case " $* " in
            *" $name "*) ;;
            *) fail "$package must not name $name" ;;
        esac
    done
}

# Source files under the folders that use what a pure crate does without.
must_be_pure() {
    local folder found
    for folder in "$@"; do
        [ -d "$folder" ] || fail "there is no folder $folder"
    done
    found=$(grep --recursive --no-messages --line-number --extended-regexp \
        '(SystemTime|Instant|OffsetDateTime|PrimitiveDateTime|Timestamp|Zoned)::now|std::(fs|net|env|process|io)\b|\bstatic mut\b' \
        --include '*.rs' "$@" || true)
    if [ -n "$found" ]; then
        fail "the clock, the environment and IO have no place here:"$'\n'"$found"
    fi
}

# serde comes along with validator, so the model reaches it; its own types may not know it.
must_never_reach tradebook-model 'actix-*' 'diesel*' r2d2 'tokio*' quick-xml csv clap 'utoipa*' \
    tradebook-wire tradebook-pricing tradebook-buying tradebook-store tradebook-api
must_not_name tradebook-model serde serde_json

must_never_reach tradebook-wire 'actix-*' 'diesel*' r2d2 'tokio*' clap \
    tradebook-pricing tradebook-buying tradebook-store tradebook-api

for engine in tradebook-pricing tradebook-buying; do
    may_only_name "$engine" rust_decimal thiserror time tradebook-model
    must_never_reach "$engine" 'actix-*' 'diesel*' r2d2 'tokio*' quick-xml csv clap 'utoipa*' tracing \
        tradebook-wire tradebook-store tradebook-api
done
must_never_reach tradebook-pricing tradebook-buying
must_never_reach tradebook-buying tradebook-pricing

must_never_reach tradebook-store 'actix-*' 'tokio*' quick-xml csv 'utoipa*' \
    tradebook-wire tradebook-pricing tradebook-buying tradebook-api

must_not_name tradebook-api 'diesel*' r2d2 libsqlite3-sys pq-sys clap

must_not_name tradebook 'diesel*' r2d2 libsqlite3-sys pq-sys rust_decimal tradebook-pricing tradebook-buying

# What Tradebook is measured against has nothing of Tradebook's own.
must_never_reach tradebook-bench 'tradebook-*' 'diesel*' r2d2

must_be_pure crates/tradebook-model/src crates/tradebook-pricing/src crates/tradebook-buying/src

# Can this script fail? Each of these must.
expect_failure() {
    if (failures=0 && "$@" 2>/dev/null && [ "$failures" -eq 0 ]); then
        fail "the self-check passed where it must fail: $*"
    fi
}
expect_failure must_never_reach tradebook-model time
expect_failure must_never_reach tradebook-model no-such-crate
expect_failure must_never_reach no-such-package diesel
expect_failure must_not_name tradebook-store diesel
expect_failure may_only_name tradebook-buying thiserror time
expect_failure may_only_name tradebook-buying rust_decimal thiserror time tradebook-model no-such-crate
expect_failure must_be_pure crates/no-such-crate/src
expect_failure must_be_pure bins/tradebook/src crates/tradebook-api/src

if [ "$failures" -ne 0 ]; then
    echo "guards: $failures found" >&2
    exit 1
fi
echo "guards: every wall stands" >&2
