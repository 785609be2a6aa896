//! The checklist of the interface, U1 to U25: which tests show each point.
//!
//! An index to read, and a test that every test named here exists. Most need a terminal, a store or random keys and
//! stand where those are; what is only seen on the screens stands in `screens`.

use std::path::Path;

/// A point: its number, what it says, the tests that show it.
type Point = (u8, &'static str, &'static [&'static str]);

const POINTS: [Point; 25] = [
    (
        1,
        "terminal measured in one round trip, starts in safe",
        &[
            "a_narrow_terminal_gets_lines",
            "any_wide_glyph_and_no_answer_are_safe",
            "a_gbk_terminal_is_found_out",
            "a_split_answer_is_waited_for",
            "a_late_answer_to_the_probe_types_nothing",
            "a_terminal_that_answers_is_measured_and_early_keys_are_kept",
            "a_terminal_that_does_not_answer_stays_safe",
        ],
    ),
    (
        2,
        "one layout, two glyph tables",
        &["both_skins_have_the_same_columns", "every_slot_has_its_cells_in_both_skins"],
    ),
    (
        3,
        "a dropped connection loses at most the open cell; no orphan",
        &[
            "a_signal_or_a_closed_window_loses_no_save",
            "it_ends_with_its_window",
            "a_hanging_loop_is_ended_within_seconds",
        ],
    ),
    (
        4,
        "no query whose late reply types",
        &["only_harmless_questions_are_asked", "the_request_asks_for_positions_and_one_fence_only"],
    ),
    (
        5,
        "usable with the input method on",
        &[
            "every_action_has_a_key_an_input_method_lets_through",
            "full_width_keys_are_folded",
            "a_han_character_typed_while_browsing_opens_the_filter_with_it",
        ],
    ),
    (
        6,
        "composition window at the caret, no foreign frame while a field is open",
        &[
            "the_caret_stands_behind_what_was_typed_in_every_field",
            "the_caret_is_placed_shown_parked_and_hidden",
            "what_is_not_worth_a_frame_gets_none",
        ],
    ),
    (
        7,
        "paste from a spreadsheet with preview, by name, all or nothing",
        &[
            "a_paste_of_28_rows_is_previewed_and_written_all_or_nothing",
            "a_torn_arrow_is_an_arrow_and_a_burst_is_a_paste",
            "keys_faster_than_anybody_types_with_a_line_end_are_a_paste",
        ],
    ),
    (8, "type, Enter down, Tab right, F2, Esc", &["ninety_seven_by_five_cells_are_typed_without_a_wait"]),
    (
        9,
        "validation in place, rule named, ! next",
        &["a_score_out_of_bounds_is_refused_in_place", "digits_type_in_the_grid_and_leaving_names_what_is_dropped"],
    ),
    (
        10,
        "saved is visible, never before the commit; conflicts show three values",
        &["what_was_saved_says_so", "somebody_else_was_first", "the_conflict_of_a_cell"],
    ),
    (
        11,
        "copy over SSH, honest wording, mouse off",
        &[
            "a_copy_goes_out_once_with_the_next_frame",
            "what_is_copied_is_tab_separated_and_comes_back_as_a_preview",
            "the_mouse_is_asked_for_and_let_go",
            "without_borders_every_picture_is_words_alone",
        ],
    ),
    (
        12,
        "one write per frame, half of the stock bytes, nothing at rest",
        &[
            "bytes_stay_within_their_budgets_and_at_half_of_the_stock_backend",
            "a_frame_is_one_write_and_an_unchanged_one_is_none",
            "at_rest_nothing_wakes_and_nothing_is_written",
            "an_idle_dashboard_sleeps",
        ],
    ),
    (
        13,
        "pinyin initials in filter, jump, palette, with polyphones",
        &["pinyin_initials_find_their_rows_in_filter_jump_and_palette", "every_reading_of_a_polyphone_counts"],
    ),
    (
        14,
        "popups do not tear Han; Ctrl-L repaints",
        &["no_half_of_a_character_stays_at_either_edge", "every_view_in_every_state", "no_picture_is_torn_at_any_size"],
    ),
    (15, "pace at each share, change at each rank", &["a_share_has_its_pace_and_a_rank_its_change"]),
    (
        16,
        "footer, help, dukao keys, README from one table",
        &["the_key_tables_of_the_readmes_are_the_programs", "every_row_is_printed_once_and_places_stay_together"],
    ),
    (
        17,
        "16 colours, the user's palette, NO_COLOR",
        &["colours_keep_to_their_level", "without_colours_attributes_stay", "the_environment_decides_about_colours"],
    ),
    (18, "word and mark beside each colour", &["nothing_is_said_by_a_colour_alone"]),
    (
        19,
        "sort, columns, filter, position remembered per login and view",
        &[
            "sort_columns_filter_position_and_look_survive_a_restart",
            "a_restart_finds_what_somebody_chose",
            "a_file_that_cannot_be_read_is_as_none",
        ],
    ),
    (
        20,
        "degrades below 80x24",
        &[
            "the_smallest_windows_keep_one_line_for_each_thing",
            "a_narrow_window_keeps_one_column",
            "one_row_and_one_column_less_than_usual",
            "a_great_window_has_three_panes",
            "no_size_is_refused",
        ],
    ),
    (21, "Esc coalescing; Alt-digit as F-key", &["a_torn_arrow_is_an_arrow", "alt_digits_are_function_keys"]),
    (
        22,
        "undo for all edits, typed confirmation only for the rest",
        &[
            "a_score_is_saved_moves_the_board_and_can_be_taken_back",
            "every_step_of_a_rectification_by_keys",
            "luzhen_is_resolved_by_keys",
            "what_cannot_be_undone_wants_its_word",
        ],
    ),
    (
        23,
        "as-of date on screen; old data kept while loading",
        &["the_day_that_is_counted_from_stands_on_every_screen", "every_view_in_every_state"],
    ),
    (
        24,
        "any figure explains itself; what-if without saving",
        &[
            "the_panel_and_the_command_tell_the_same",
            "every_screen_answers_or_says_that_nothing_is_derived",
            "weights_and_scores_are_tried_and_leave_no_trace",
        ],
    ),
    (
        25,
        "ASCII title, autowrap off, no emoji, cut texts end in ..",
        &[
            "no_glyph_but_those_of_the_skin_and_of_the_data",
            "our_own_text_has_no_ambiguous_quotes_or_dashes",
            "title_and_mouse_are_sent_when_they_change",
            "a_wide_character_is_never_cut_in_half",
        ],
    ),
];

/// All sources below a folder, one after the other.
fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, all);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            all.push_str(&std::fs::read_to_string(entry).expect("a source"));
        }
    }
}

#[test]
fn every_point_is_shown_by_tests_that_exist() {
    let mut all = String::new();
    for folder in ["src", "tests"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    for (place, (number, point, tests)) in (1..).zip(POINTS) {
        assert_eq!(number, place, "{point}");
        assert!(!tests.is_empty(), "U{number} {point}");
        for test in tests {
            assert!(all.contains(&format!("fn {test}(")), "U{number} {point}: no test {test}");
        }
    }
}
