// SPDX-License-Identifier: Apache-2.0
// Tables that people bring: every reading keeps the line, every refusal names it.
#include <algorithm>
#include <format>

#include "clinician/between/csv_table.h"
#include "tests/unit/clinician/records_fixture.h"

using namespace accalmie;
using namespace accalmie::between;
using accalmie::records::test::Folder;
using accalmie::records::test::must;
using accalmie::records::test::write_bytes;

TEST_CASE("comma, semicolon and tab give the same table") {
    for (const char separator : {',', ';', '\t'}) {
        std::string text = "name|town\nA|Lyon\nB|\"Le Mans\"\n";
        std::ranges::replace(text, '|', separator);
        const CsvTable table = must(parse_csv_table(text, "t.csv"));
        CHECK(table.header == std::vector<std::string>{"name", "town"});
        REQUIRE(table.rows.size() == 2);
        CHECK(table.rows[1].cells == std::vector<std::string>{"B", "Le Mans"});
        CHECK(table.column("TOWN") == 1);
        CHECK(table.column("absent") == -1);
    }
}

TEST_CASE("a row knows the line it starts on, over quoted line ends and blank lines") {
    const CsvTable table = must(parse_csv_table("\xEF\xBB\xBFid,text\r\n1,\"two\r\nlines\"\r\n\r\n2, trimmed \n,\n3,\"a \"\"quoted\"\" word, and a comma\"", "t.csv"));
    REQUIRE(table.rows.size() == 3);
    CHECK(table.header.front() == "id");
    CHECK(table.rows[0].line == 2);
    CHECK(table.rows[0].cells[1] == "two\r\nlines");
    CHECK(table.rows[1].line == 5);
    CHECK(table.rows[1].cells[1] == "trimmed");
    CHECK(table.rows[2].line == 7);
    CHECK(table.rows[2].cells[1] == "a \"quoted\" word, and a comma");
}

TEST_CASE("a lone carriage return ends a row, and that row has a line too") {
    const CsvTable table = must(parse_csv_table("id,text\n1,a\r2,b\n3,c\n", "t.csv"));
    REQUIRE(table.rows.size() == 3);
    CHECK(table.rows[0].line == 2);
    CHECK(table.rows[1].line == 2);
    CHECK(table.rows[2].line == 3);
}

TEST_CASE("what cannot be read is refused with its line") {
    const auto refused = [](std::string_view text) {
        const auto table = parse_csv_table(text, "t.csv", {.rows = 3, .columns = 4});
        REQUIRE_FALSE(table);
        CHECK_FALSE(table.error().hint.empty());
        return table.error();
    };
    CHECK(refused("").line == 1);
    CHECK(refused("a,b\n1,2\n1,2,3\n").line == 3);
    CHECK(refused("a,b\n1,\"open\n2,3\n").line == 2);
    CHECK(refused("a,b\n1,2\nx\"y,2\n").line == 3);
    CHECK(refused("a,A\n1,2\n").message == "two columns are called 'A'");
    CHECK(refused("a,b,c,d,e\n").message == "more than 4 columns");
    CHECK(refused("a\n1\n2\n3\n4\n").message == "more than 3 rows");
    CHECK(describe(refused("a,b\n1,2,3\n")).starts_with("t.csv:2: "));
}

TEST_CASE("empty cells at the end may be missing or too many") {
    const CsvTable table = must(parse_csv_table("a,b,c\n1\n1,2,3,,\n", "t.csv"));
    CHECK(table.rows[0].cells == std::vector<std::string>{"1", "", ""});
    CHECK(table.rows[1].cells == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("a file that is not UTF-8 text is refused with the line; folders, missing and large files too") {
    const Folder folder;
    write_bytes(folder / "latin.csv", "name\nA\nCaf\xE9\n");
    const auto latin = read_csv_table(folder / "latin.csv");
    REQUIRE_FALSE(latin);
    CHECK(latin.error().line == 3);
    CHECK(latin.error().hint == "save the file as UTF-8");
    write_bytes(folder / "nul.csv", std::string("a\n1\0\n", 5));
    CHECK(read_csv_table(folder / "nul.csv").error().line == 2);
    write_bytes(folder / "large.csv", "a\n" + std::string(5000, 'x') + "\n");
    CHECK_FALSE(read_csv_table(folder / "large.csv", {.bytes = 4096}));
    CHECK_FALSE(read_csv_table(folder.path));
    CHECK_FALSE(read_csv_table(folder / "absent.csv"));
    write_bytes(folder / "good.csv", "a\nœuvre €\n");
    CHECK(must(read_csv_table(folder / "good.csv")).rows.front().cells.front() == "œuvre €");
}

TEST_CASE("UTF-8 is checked as the standard says: no overlong form, surrogate, cut or stray byte") {
    for (const std::string_view good : {"", "plain", "é", "€", "\xF0\x9F\x8C\x8A", "\xF4\x8F\xBF\xBF"}) CHECK(is_utf8(good));
    for (const std::string_view bad : {"\xC0\xAF", "\xC1\x81", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xC3", "\xE2\x82", "a\xE9z"})
        CHECK_FALSE(is_utf8(bad));
}
