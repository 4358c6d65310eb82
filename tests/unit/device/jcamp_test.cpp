// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <algorithm>
#include <cmath>
#include <format>
#include <vector>

#include "nir_shared.h"

using namespace accalmie::nir;
using Catch::Matchers::WithinAbs;

namespace {

std::string file_of(const std::string& data, int points, const std::string& more = "") {
    return std::format("##TITLE= t\n##JCAMP-DX= 4.24\n##DATA TYPE= NEAR INFRARED SPECTRUM\n##XUNITS= NANOMETERS\n##YUNITS= ABSORBANCE\n"
                       "##XFACTOR= 1\n##YFACTOR= 1\n##FIRSTX= 1000\n##LASTX= {}\n##NPOINTS= {}\n{}##XYDATA= (X++(Y..Y))\n{}\n##END=\n",
                       1000 + points - 1, points, more, data);
}

std::vector<double> decoded(const std::string& data, int points) {
    const auto table = must(read_jcamp(file_of(data, points), "t.jdx"));
    return {table.values.data(), table.values.data() + table.values.size()};
}

Error refused(const std::string& text) {
    const auto table = read_jcamp(text, "t.jdx");
    REQUIRE_FALSE(table.has_value());
    CHECK(table.error().file == "t.jdx");
    CHECK_FALSE(table.error().hint.empty());
    return table.error();
}

// A number with its first digit as a letter of `letters`: zero, 1-9, minus 1-9.
std::string lettered(long value, const std::string& letters) {
    const std::string digits = std::to_string(std::labs(value));
    const std::size_t first = value == 0 ? 0 : static_cast<std::size_t>(digits[0] - '0') + (value < 0 ? 9 : 0);
    return letters[first] + digits.substr(1);
}

// Writes values as DIF with DUP, line by line, each line after the first starting with its check value.
std::string as_dif_dup(const std::vector<long>& values, std::size_t on_a_line) {
    std::string text;
    for (std::size_t start = 0; start + 1 < values.size(); start += on_a_line) {
        const auto end = std::min(start + on_a_line, values.size() - 1);
        text += std::format("{} {}", 1000 + start, lettered(values[start], "@ABCDEFGHIabcdefghi"));
        for (std::size_t i = start + 1; i <= end;) {
            const long step = values[i] - values[i - 1];
            std::size_t run = 1;
            while (i + run <= end && values[i + run] - values[i + run - 1] == step) ++run;
            text += lettered(step, "%JKLMNOPQRjklmnopqr");
            if (run > 1) {
                const std::string count = std::to_string(run);
                text += std::string("STUVWXYZs").substr(static_cast<std::size_t>(count[0] - '1'), 1) + count.substr(1);
            }
            i += run;
        }
        text += '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("the reference spectrum decodes to the same numbers from AFFN, PAC and SQZ", "[nir][jcamp][reference]") {
    const auto affn = reference_table("formats/jcamp/BRUKAFFN.DX");
    REQUIRE(affn.channels() == 16384);
    CHECK(affn.values(0, 0) == 2259260);
    CHECK(affn.values(0, 16383) == 1505988);
    CHECK(affn.values.maxCoeff() == 972201806);
    CHECK(affn.values.minCoeff() == -27593530);
    CHECK(affn.warnings.empty());
    CHECK(affn.axis.unit == AxisUnit::other);
    CHECK(affn.axis.label == "HZ");
    CHECK(affn.axis.values.front() == 24038.5);
    CHECK(affn.axis.values.back() == 0);
    for (const char* name : {"formats/jcamp/BRUKPAC.DX", "formats/jcamp/BRUKSQZ.DX"}) {
        INFO(name);
        const auto other = reference_table(name);
        CHECK((other.values.array() == affn.values.array()).all());
        CHECK(other.axis.values == affn.axis.values);
    }
}

TEST_CASE("the DIF file of the reference set agrees with its own checks, and with the others to its coarser steps", "[nir][jcamp][reference]") {
    const auto affn = reference_table("formats/jcamp/BRUKAFFN.DX"), dif = reference_table("formats/jcamp/BRUKDIF.DX");
    REQUIRE(dif.channels() == 16384);
    CHECK(dif.warnings.empty());                 // FIRSTY, MAXY and MINY of its own header, and every check value
    CHECK(dif.values(0, 0) == 2254931);
    CHECK(dif.values(0, 16383) == 1513177);
    CHECK(dif.values.maxCoeff() == 972201806);
    CHECK(dif.values.minCoeff() == -27593239);
    // It holds the same spectrum rounded to coarser steps: 14834 of a full scale of 972201806.
    CHECK((dif.values - affn.values).cwiseAbs().maxCoeff() == 14834);
}

TEST_CASE("the reference numbers written as DIF and DUP decode to the same numbers", "[nir][jcamp][reference]") {
    const auto affn = reference_table("formats/jcamp/BRUKAFFN.DX");
    std::vector<long> values(static_cast<std::size_t>(affn.channels()));
    std::ranges::transform(std::span(affn.values.data(), values.size()), values.begin(), [](double v) { return std::lround(v); });
    for (const std::size_t on_a_line : {std::size_t{1}, std::size_t{7}, std::size_t{4000}}) {
        const auto back = decoded(as_dif_dup(values, on_a_line) + std::format("17383 {}", lettered(values.back(), "@ABCDEFGHIabcdefghi")), 16384);
        CHECK(std::ranges::equal(back, values, [](double a, long b) { return a == static_cast<double>(b); }));
    }
}

TEST_CASE("real files in wavenumbers are read in ascending nanometres", "[nir][jcamp][reference]") {
    const auto film = reference_table("formats/jcamp/SPECFILE.DX");
    REQUIRE(film.channels() == 1801);
    CHECK_THAT(film.axis.values.front(), WithinAbs(2500.0, 1e-9));
    CHECK_THAT(film.axis.values.back(), WithinAbs(25000.0, 1e-9));
    CHECK(film.quantity == Quantity::transmittance);
    CHECK_THAT(film.values.maxCoeff(), WithinAbs(99.99975, 4e-3));
    CHECK(film.warnings.size() == 1);            // its last line says 0 where the spectrum ends at 26506

    const auto sugar = reference_table("formats/jcamp/nist_sucrose_ir.jdx");   // two blocks, one axis, a byte that is not UTF-8
    REQUIRE(sugar.rows() == 2);
    REQUIRE(sugar.channels() == 7153);
    CHECK(sugar.lines == std::vector<int>{1, 1014});
    CHECK_THAT(sugar.axis.values.front(), WithinAbs(1e7 / 7498.994, 1e-9));
    CHECK_THAT(sugar.values(0, 0), WithinAbs(0.42201114, 1e-7));
    CHECK_THAT(sugar.values(1, 0), WithinAbs(0.47145349, 1e-7));
    CHECK(sugar.warnings.empty());
}

TEST_CASE("the five forms of JCAMP-DX numbers give the same values", "[nir][jcamp]") {
    const std::vector<double> values{100, 101, 99, -5, 0, 0, 0, 250};
    CHECK(decoded("1000 100 101 99 -5 0 0 0 250", 8) == values);
    CHECK(decoded("1000+100+101+99-5+0+0+0+250", 8) == values);
    CHECK(decoded("1000A00A01I9e@@@B50", 8) == values);
    CHECK(decoded("1000A00A01I9e@UB50", 8) == values);
    CHECK(decoded("1000A00Jkj04N%TK50\n1007B50", 8) == values);
}

TEST_CASE("corner cases of DIF and DUP", "[nir][jcamp]") {
    SECTION("a repeated difference goes on climbing, a repeated value stands still") {
        CHECK(decoded("1000A0JU\n1003A3", 4) == std::vector<double>{10, 11, 12, 13});
        CHECK(decoded("1000A0V", 4) == std::vector<double>{10, 10, 10, 10});
    }
    SECTION("a count of one repeats nothing") { CHECK(decoded("1000A0SJ1SJ2\n1002C3", 3) == std::vector<double>{10, 21, 33}); }
    SECTION("counts of two digits, and s for nine") {
        CHECK(decoded("1000@S2", 12) == std::vector<double>(12, 0.0));
        CHECK(decoded("1000@s", 9) == std::vector<double>(9, 0.0));
    }
    SECTION("a repeated check value after a line that ends in repeats") { CHECK(decoded("1000A0JT\n1002A2J\n1003A3", 4) == std::vector<double>{10, 11, 12, 13}); }
    SECTION("a line that ends in a value needs no check on the next") { CHECK(decoded("1000A0JA5\n1003A6", 4) == std::vector<double>{10, 11, 15, 16}); }
    SECTION("an exponent has a sign, the squeezed five has none") {
        CHECK(decoded("1000 1E+2 1E-1 1.5E+0", 3) == std::vector<double>{100, 0.1, 1.5});
        CHECK(decoded("1000 E1E2e3", 3) == std::vector<double>{51, 52, -53});
    }
    SECTION("comments and blank lines are passed over") { CHECK(decoded("1000 1 2 $$ first\n\n$$ nothing\n1002 3", 3) == std::vector<double>{1, 2, 3}); }
}

TEST_CASE("a damaged JCAMP-DX file is refused with its line and column", "[nir][jcamp]") {
    const int data = 12;  // the first line of data in file_of()
    SECTION("a check value that disagrees") {
        const auto error = refused(file_of("1000A0JJ\n1002A9J\n1003B0", 4));
        CHECK(error.line == data + 1);
        CHECK(error.column == 5);
        CHECK(error.message.contains("check value is 19"));
    }
    SECTION("a letter that is no digit") {
        const auto error = refused(file_of("1000 10 #1 12", 3));
        CHECK(error.line == data);
        CHECK(error.column == 9);
    }
    SECTION("a missing value") { CHECK(refused(file_of("1000 10 ? 12", 3)).message.contains("missing")); }
    SECTION("a difference without a value before it") { CHECK(refused(file_of("1000J1J1J1", 3)).column == 5); }
    SECTION("a repeat without a value before it") { CHECK(refused(file_of("1000T", 3)).column == 5); }
    SECTION("a count that would fill the memory") { CHECK(refused(file_of("1000A0Z99999999999", 3)).message.contains("NPOINTS=3")); }
    SECTION("a number without end") { CHECK(refused(file_of("1000A" + std::string(400, '9'), 3)).message.contains("too many digits")); }
    SECTION("too few values") { CHECK(refused(file_of("1000 1 2 3", 4)).message.contains("NPOINTS says 4 values, the block holds 3")); }
    SECTION("a line is missing in the middle") {
        const auto error = refused(file_of("1000 1 2\n1002 3 4\n1006 5 6 7 8", 8));
        CHECK(error.line == data + 2);
        CHECK(error.message.contains("starts at 1006"));
    }
    SECTION("a huge NPOINTS asks for no memory") { CHECK(refused("##TITLE= t\n##FIRSTX= 1\n##LASTX= 2\n##NPOINTS= 1e15\n##XYDATA= (X++(Y..Y))\n1 2\n##END=\n").message.contains("NPOINTS")); }
    SECTION("no end") { CHECK(refused("##TITLE= t\n##FIRSTX= 1\n##LASTX= 3\n##NPOINTS= 3\n##XYDATA= (X++(Y..Y))\n1 1 2 3\n").message.contains("##END=")); }
    SECTION("a label without a value sign") { CHECK(refused("##TITLE= t\n##NPOINTS 3\n").line == 2); }
    SECTION("a number in the header that is none") { CHECK(refused(file_of("1000 1 2 3", 3, "##FIRSTX= abc\n")).line == 11); }
    SECTION("a zero factor") { CHECK(refused(file_of("1000 1 2 3", 3, "##YFACTOR= 0\n")).message.contains("must not be 0")); }
    SECTION("an overflow") { CHECK(refused(file_of("1000 9E+307 2 3", 3, "##YFACTOR= 1E+300\n")).message.contains("overflows")); }
    SECTION("NTUPLES") { CHECK(refused("##TITLE= t\n##JCAMP-DX= 5.0\n##DATA CLASS= NTUPLES\n").line == 3); }
    SECTION("a list of peaks") { CHECK(refused("##TITLE= t\n##PEAK TABLE= (XY..XY)\n1,2\n##END=\n").line == 2); }
    SECTION("an axis that goes through zero wavenumbers") {
        CHECK(refused("##TITLE= t\n##XUNITS= 1/CM\n##FIRSTX= -1\n##LASTX= 1\n##NPOINTS= 3\n##XYDATA= (X++(Y..Y))\n-1 1 2 3\n##END=\n").message.contains("no wavelength"));
    }
    SECTION("text before the title") { CHECK(refused("##NPOINTS= 3\n").message.contains("##TITLE=")); }
}

TEST_CASE("pairs of values are read, micrometres become nanometres", "[nir][jcamp]") {
    const auto table = must(read_jcamp("##TITLE= t\n##JCAMP-DX= 4.24\n##XUNITS= MICROMETERS\n##YUNITS= ABSORBANCE\n##XYPOINTS= (XY..XY)\n1.5, 0.3; 1.25, 0.2\n1.0, 0.1\n##END=\n", "t.jdx"));
    CHECK(table.axis.values == std::vector<double>{1000, 1250, 1500});
    CHECK(table.values(0, 0) == 0.1);
    CHECK(table.values(0, 2) == 0.3);
}

TEST_CASE("a header that disagrees with the data is told", "[nir][jcamp]") {
    const auto table = must(read_jcamp(file_of("1000 1 2 3", 3, "##FIRSTY= 7\n"), "t.jdx"));
    REQUIRE(table.warnings.size() == 1);
    CHECK(table.warnings[0].contains("t.jdx:11"));
}
