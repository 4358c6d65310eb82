// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "nir_shared.h"

using namespace accalmie::nir;

namespace {

SpectrumTable table_from(const std::string& text) { return must(read_csv(text, "t.csv")); }

Error refused(const std::string& text) {
    const auto table = read_spectra_text(text, "t.csv");
    REQUIRE_FALSE(table.has_value());
    CHECK(table.error().file == "t.csv");
    CHECK_FALSE(table.error().hint.empty());
    return table.error();
}

void at(const Error& error, int line, int column) {
    INFO(accalmie::device::describe(error));
    CHECK(error.line == line);
    CHECK(error.column == column);
}

}  // namespace

TEST_CASE("a wide table is read alike with comma, semicolon and decimal comma, tab", "[nir][csv]") {
    for (const char* text : {"id,mg,900,901.5,903\na,5.5,0.1,0.2,0.3\nb,6,0.4,0.5,-6e-1\n", "id;mg;900;901,5;903\r\na;5,5;0,1;0,2;0,3\r\nb;6;0,4;0,5;-6e-1\r\n",
                             "\xEF\xBB\xBFid\tmg\t900\t901.5\t903\na\t5.5\t0.1\t0.2\t0.3\n\nb\t6\t0.4\t0.5\t-0.6",
                             "\"id\",\"mg\",\"900\",\"901.5\",\"903\"\n\"a\",5.5,0.1,0.2,0.3\n\"b\",6,0.4,0.5,-0.6\n",
                             "id,mg,903,901.5,900\na,5.5,0.3,0.2,0.1\nb,6,-0.6,0.5,0.4\n"}) {
        INFO(text);
        const auto table = table_from(text);
        CHECK(table.axis.values == std::vector<double>{900, 901.5, 903});
        CHECK(table.axis.unit == AxisUnit::nanometre);
        REQUIRE(table.rows() == 2);
        CHECK(table.values(0, 0) == 0.1);
        CHECK(table.values(1, 2) == -0.6);
        CHECK(table.row_name(1) == "b");
        CHECK(must(numbers_of(table, "mg"))[0] == 5.5);
    }
}

TEST_CASE("two columns, axis and value, are one spectrum", "[nir][csv]") {
    for (const char* text : {"wavelength,absorbance\n900,0.1\n901,0.2\n902,0.3\n", "900;0,1\n901;0,2\n902;0,3\n", "902 0.3\n901 0.2\n900 0.1\n", "900\t0.1\n901\t0.2\n902\t0.3"}) {
        INFO(text);
        const auto table = table_from(text);
        CHECK(table.axis.values == std::vector<double>{900, 901, 902});
        REQUIRE(table.rows() == 1);
        CHECK(table.values(0, 2) == 0.3);
    }
}

TEST_CASE("channels without wavelengths and named text columns are kept", "[nir][csv]") {
    const auto table = table_from("\"name, quoted\",oil,ch1,ch2,ch3\n\"a \"\"b\"\"\",NA,1,2,3\n");
    CHECK(table.axis.unit == AxisUnit::channel);
    CHECK(table.columns[0].name == "name, quoted");
    CHECK(table.columns[0].cells[0] == "a \"b\"");
    CHECK_FALSE(must(numbers_of(table, "oil"))[0].has_value());
}

TEST_CASE("what is written is read back to the same numbers", "[nir][csv]") {
    auto table = table_from("id,900,901,902\n\"a,1\",0.1,0.2,0.30000000000000004\nb,1e-300,5,6\n");
    const auto back = table_from(write_csv(table));
    CHECK(back.axis.values == table.axis.values);
    CHECK((back.values.array() == table.values.array()).all());
    CHECK(back.columns[0].cells == table.columns[0].cells);
}

TEST_CASE("a broken table is refused with its line and column", "[nir][csv]") {
    at(refused("id,900,901,902\na,1,2,3\nb,1,x,3\n"), 3, 5);
    at(refused("id,900,901,902\na,1,2\n"), 2, 1);
    at(refused("id,900,901,902\na,1,,3\n"), 2, 5);
    at(refused("id,900,901,902\na,1,nan,3\n"), 2, 5);
    at(refused("id,900,901,902\na,1,1e999,3\n"), 2, 5);
    at(refused("id,900,902,901\na,1,2,3\n"), 1, 12);
    at(refused("id,900,901,901\na,1,2,3\n"), 1, 12);
    at(refused("id,-5,901,902\na,1,2,3\n"), 1, 4);
    at(refused("id,mg,mg,900,901,902\na,1,2,3,4,5\n"), 1, 7);
    at(refused("id,900,901,902\n"), 1, 1);
    at(refused("a,b,c\n1,2,3\n"), 1, 1);
    at(refused("id,900,901,902\n\"a,1,2,3\n"), 2, 1);
    at(refused("id,900,901,902\n\"a\"x,1,2,3\n"), 2, 4);
    at(refused("id;900;901;902\na;1.000,5;2;3\n"), 2, 3);
    at(refused("900,1\n901,x\n902,3\n"), 2, 5);
    at(refused("900,1\n901,2\n900.5,3\n"), 3, 1);
    at(refused("900,1\n901,2,3\n"), 2, 1);
    at(refused(std::string("PK\0\3binary", 10)), 1, 1);
    CHECK(refused("").message == "the file is empty");
    CHECK(refused("\n\n \n").message == "the file is empty");
}

TEST_CASE("a file beyond the limits is refused before it fills the memory", "[nir][csv]") {
    const ReadLimits small{.bytes = 1000, .cells = 5, .channels = 4};
    CHECK_FALSE(read_csv(std::string(1001, '1'), "t.csv", small).has_value());
    CHECK_FALSE(read_csv("900,901,902\n1,2,3\n4,5,6\n", "t.csv", small).has_value());
    CHECK_FALSE(read_csv("900,901,902,903,904\n1,2,3,4,5\n", "t.csv", small).has_value());
    CHECK(read_csv("900,901,902\n1,2,3\n", "t.csv", small).has_value());
}

TEST_CASE("a file that is not there or is a folder is told by name", "[nir]") {
    const auto missing = read_spectra("no-such-file.csv");
    REQUIRE_FALSE(missing.has_value());
    CHECK(accalmie::device::describe(missing.error()).starts_with("no-such-file.csv: "));
    CHECK_FALSE(read_spectra(".").has_value());
}

TEST_CASE("ranges of rows are read, and refused where they leave the file", "[nir]") {
    CHECK(must(parse_rows("2-4,1", 5)) == RowSelection{1, 2, 3, 0});
    CHECK(must(parse_rows("", 2)) == RowSelection{0, 1});
    for (const char* text : {"0-2", "4-6", "3-2", "1,1", "a", "1-", "-3", "1--2", "1,,2", "99999999999"}) {
        INFO(text);
        CHECK_FALSE(parse_rows(text, 5).has_value());
    }
}

TEST_CASE("ranges of the axis keep both ends", "[nir]") {
    const auto table = table_from("900,901,902,903\n1,2,3,4\n");
    const auto cut = must(cut_range(table, must(parse_range("901:902"))));
    CHECK(cut.axis.values == std::vector<double>{901, 902});
    CHECK(cut.values(0, 1) == 3);
    CHECK_FALSE(cut_range(table, {1000, 1100}).has_value());
    for (const char* text : {"900", "902:900", "a:b", ":", "900:900"}) CHECK_FALSE(parse_range(text).has_value());
}

TEST_CASE("transmittance becomes absorbance, as a fraction or in percent", "[nir]") {
    auto table = table_from("900,901,902\n0.1,1,0.01\n");
    table.quantity = Quantity::transmittance;
    const auto fraction = must(as_absorbance(table));
    CHECK(std::abs(fraction.values(0, 0) - 1) < 1e-12);
    table.values *= 100;
    CHECK((must(as_absorbance(table)).values - fraction.values).cwiseAbs().maxCoeff() < 1e-12);
    table.values(0, 1) = 0;
    CHECK_FALSE(as_absorbance(table).has_value());
    table.quantity = Quantity::other;
    CHECK_FALSE(as_absorbance(table).has_value());
}
