// SPDX-License-Identifier: Apache-2.0
// Tables of services: what is read, and how each kind of wrong line is refused.
#include <catch2/catch_test_macros.hpp>

#include <format>

#include "clinician/between/directory/directory_file.h"

namespace accalmie::between {
namespace {

const std::string kHead = "nofinesset,rs,type,codepostal,commune,latitude,longitude,age_min,age_max,products,telephone\n";

DirectoryFile read(const std::string& text, const ColumnNames& names = {}) {
    auto table = parse_csv_table(text, "services.csv");
    REQUIRE(table);
    auto file = read_directory_file(*table, names);
    REQUIRE(file);
    return *std::move(file);
}

// Of a table whose third line is wrong, between two that are right.
Error problem_of(const std::string& line) {
    const auto file = read(kHead + "990000001,CMP A,CMP,75020,Paris,48.8,2.4,16,,,\n" + line + "\n990000009,CMP B,CMP,75020,Paris,,,,,,\n");
    INFO(line);
    CHECK(file.services.size() == 2);
    REQUIRE(file.problems.size() == 1);
    return file.problems.front();
}

}  // namespace

TEST_CASE("a line of services is read with what it states and nothing more", "[directory]") {
    const auto file = read(kHead + "990000001,CJC du Canal,cjc,75010,Paris,48.876,\"2,359\",12,25,Cannabis|écrans;alcohol,01 99 00 02 74\n2,B,Maison des adolescents,1,x,,,,,,\n");
    REQUIRE(file.problems.empty());
    const Service& full = file.services.at(0);
    CHECK(full.type == ServiceType::cjc);
    CHECK(full.latitude_deg == 48.876);
    CHECK(full.longitude_deg == 2.359);
    CHECK(full.age_min == 12);
    CHECK(full.age_max == 25);
    CHECK(full.products == std::vector<std::string>{"alcohol", "cannabis", "screens"});
    const Service& bare = file.services.at(1);
    CHECK(bare.type == ServiceType::adolescents);
    CHECK_FALSE(position_of(bare));
    CHECK_FALSE(bare.age_min);
    CHECK(bare.products.empty());
}

TEST_CASE("every kind of wrong line is refused with its place and what to do", "[directory]") {
    const struct {
        const char* line;
        const char* says;
    } cases[] = {
        {",No number,CMP,75020,Paris,,,,,,", "'nofinesset' is empty"},
        {"99 0,Blank,CMP,75020,Paris,,,,,,", "not a service number"},
        {"990000001,Twice,CMP,75020,Paris,,,,,,", "listed on line 2 already"},
        {"990000002,,CMP,75020,Paris,,,,,,", "'rs' is empty"},
        {"990000002,Odd,clinic,75020,Paris,,,,,,", "'clinic' is not a type"},
        {"990000002,Nowhere,CMP,75020,,,,,,,", "'commune' is empty"},
        {"990000002,Far,CMP,75020,Paris,91,2,,,,", "'91' is not a latitude"},
        {"990000002,NaN,CMP,75020,Paris,nan,2,,,,", "'nan' is not a latitude"},
        {"990000002,Half,CMP,75020,Paris,48.8,,,,,", "only one of latitude and longitude"},
        {"990000002,Old,CMP,75020,Paris,,,121,,,", "'121' is not an age"},
        {"990000002,Turned,CMP,75020,Paris,,,25,12,,", "the youngest age 25 is above the oldest 12"},
        {"990000002,Product,CMP,75020,Paris,,,,,cannabis|tea,", "'tea' is not a product"},
        {"990000002,Phone,CMP,75020,Paris,,,,,,call us", "'call us' is not a telephone number"},
    };
    for (const auto& each : cases) {
        const Error error = problem_of(each.line);
        INFO(describe(error));
        CHECK(error.file == "services.csv");
        CHECK(error.line == 3);
        CHECK(error.message.contains(each.says));
        CHECK_FALSE(error.hint.empty());
    }
}

TEST_CASE("all the wrong lines are reported, not the first alone", "[directory]") {
    const auto file = read(kHead + "1,,CMP,1,x,,,,,,\n2,A,CMP,1,x,,,,,,\n3,B,?,1,x,,,,,,\n4,C,CMP,1,,,,,,,\n");
    REQUIRE(file.problems.size() == 3);
    CHECK(file.problems[0].line == 2);
    CHECK(file.problems[1].line == 4);
    CHECK(file.problems[2].line == 5);
    CHECK(file.services.size() == 1);
}

TEST_CASE("columns of another name are mapped, and a missing one says how", "[directory]") {
    auto table = parse_csv_table("numero;nom;type;codepostal;commune\n1;Un service;CSAPA;44000;Nantes\n", "other.csv");
    REQUIRE(table);
    const auto missing = read_directory_file(*table);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.contains("nofinesset"));
    CHECK(missing.error().hint.contains("--map nofinesset=NAME"));
    const auto names = parse_column_names({"nofinesset=numero", "rs=nom"});
    REQUIRE(names);
    const auto mapped = read_directory_file(*table, *names);
    REQUIRE(mapped);
    CHECK(mapped->services.at(0).name == "Un service");
    CHECK_FALSE(parse_column_names({"name=nom"}));
    CHECK_FALSE(parse_column_names({"rs="}));
    const auto wrong = read_directory_file(*table, {{"opening", "horaires"}, {"nofinesset", "numero"}, {"rs", "nom"}});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message.contains("horaires"));
}

TEST_CASE("the shipped sample is 40 invented services without a wrong line", "[directory]") {
    auto table = read_csv_table(ACCALMIE_SOURCE_DIR "/assets/samples/services.csv");
    REQUIRE(table);
    const auto file = read_directory_file(*table);
    REQUIRE(file);
    for (const Error& problem : file->problems) UNSCOPED_INFO(describe(problem));
    CHECK(file->problems.empty());
    CHECK(file->services.size() == 40);
    for (const Service& service : file->services) {
        INFO(service.id);
        CHECK(service.name.ends_with("(fictif)"));
        CHECK(service.id.starts_with("9900"));
    }
}

}  // namespace accalmie::between
