// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {
namespace {

const std::string kFolder = ACCALMIE_SOURCE_DIR "/assets/languages";

Language load(const std::string& code) {
    auto language = Language::load(kFolder, code);
    REQUIRE(language);
    return std::move(*language);
}

std::string source(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST_CASE("English and French have the same keys") {
    const Language en = load("en"), fr = load("fr");
    CHECK(missing_keys(en, fr) == std::vector<std::string>{});
    CHECK(missing_keys(fr, en) == std::vector<std::string>{});
    CHECK(en.table().size() > 60);
}

TEST_CASE("a missing key is found and shows as its own name") {
    const Language whole = Language::from_table("en", {{"a", "A"}, {"b", "B"}});
    const Language half = Language::from_table("fr", {{"a", "A"}});
    CHECK(missing_keys(whole, half) == std::vector<std::string>{"b"});
    CHECK(half.tr("b") == "[b]");
}

TEST_CASE("every place in a text has the same name in both languages") {
    const Language en = load("en"), fr = load("fr");
    const std::regex place("\\{[a-z]+\\}");
    for (const auto& [key, text] : en.table()) {
        const auto places = [&](const std::string& in) {
            std::multiset<std::string> found;
            for (std::sregex_iterator it(in.begin(), in.end(), place), end; it != end; ++it) found.insert(it->str());
            return found;
        };
        INFO(key);
        CHECK(places(text) == places(fr.tr(key)));
    }
}

TEST_CASE("every key in the sources is in the tables, and every text is used") {
    const Language en = load("en");
    std::set<std::string> used;
    // A key is written as a literal "word.word"; ids of widgets look alike, so only those that stand where a text is asked for must exist.
    const std::regex asked("(?:tr|format)\\((?:[a-z_.>!? -]+\\? *)?\"([a-z]+\\.[a-z_]+)\"(?: *: *\"([a-z]+\\.[a-z_]+)\")?"), literal("\"([a-z]+\\.[a-z_]+)\"");
    for (const auto& entry : std::filesystem::directory_iterator(ACCALMIE_SOURCE_DIR "/clinician/console")) {
        if (entry.path().extension() != ".cpp") continue;
        const std::string text = source(entry.path());
        for (std::sregex_iterator it(text.begin(), text.end(), asked), end; it != end; ++it)
            for (std::size_t i = 1; i <= 2; ++i) {
                const std::string key = (*it)[i].str();
                if (key.empty()) continue;
                INFO(entry.path().filename() << " " << key);
                CHECK(en.has(key));
            }
        for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it) used.insert((*it)[1].str());
    }
    CHECK(used.size() > 60);
    for (const auto& [key, text] : en.table()) {
        INFO("not used: " << key);
        CHECK(used.contains(key));
    }
}

TEST_CASE("French numbers and spaces are French") {
    const Language en = load("en"), fr = load("fr");
    CHECK(fr.decimal(4.25, 1) == "4,2");
    CHECK(en.decimal(4.25, 1) == "4.2");
    CHECK(fr.typography("Envie : 50 % ?") == "Envie\u202f: 50\u202f%\u202f?");
    CHECK(fr.typography("il dit « non » ; puis rien !") == "il dit «\u202fnon\u202f»\u202f; puis rien\u202f!");
    CHECK(fr.typography("l'envie") == "l’envie");
    CHECK(en.typography("Craving : 50 %") == "Craving : 50 %");
    for (const auto& [key, text] : fr.table()) {
        INFO(key);
        CHECK(text.find(" :") == std::string::npos);
        CHECK(text.find(" ?") == std::string::npos);
        CHECK(text.find('\'') == std::string::npos);  // the typographic apostrophe
    }
}

TEST_CASE("a broken language file is an error with its place") {
    const auto folder = std::filesystem::temp_directory_path() / "accalmie-language-test";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "xx.toml") << "[stop]\nlabel = \n";
    const auto broken = Language::load(folder.string(), "xx");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().line == 2);
    std::ofstream(folder / "yy.toml") << "[stop]\nlabel = 3\n";
    CHECK_FALSE(Language::load(folder.string(), "yy"));
    CHECK_FALSE(Language::load(folder.string(), "none"));
    std::filesystem::remove_all(folder);
}

TEST_CASE("the fonts have every letter that the languages write") {
    Frames frames("fr", 1280, 720, 1);
    const Fonts& fonts = frames.ui().fonts();
    for (const char16_t letter : std::u16string_view(u"Œœ’“”…€ÉÀç«»–")) {
        INFO(static_cast<int>(letter));
        for (ImFont* font : {fonts.small, fonts.body, fonts.strong, fonts.title, fonts.large}) CHECK(font->FindGlyphNoFallback(static_cast<ImWchar>(letter)));
    }
    const ImFontGlyph* narrow = fonts.body->FindGlyphNoFallback(0x202F);
    REQUIRE(narrow);
    CHECK(narrow->AdvanceX > 1);
    CHECK(narrow->AdvanceX < fonts.body->FindGlyphNoFallback('n')->AdvanceX);
    for (const std::string code : {"en", "fr"}) {
        const Language language = load(code);
        for (const auto& [key, text] : language.table()) {
            const char* at = text.data();
            while (at < text.data() + text.size()) {
                unsigned int letter = 0;
                at += std::max(1, [&] {  // UTF-8, two and three bytes are enough here
                    const auto b = [&](int i) { return static_cast<unsigned char>(at[i]); };
                    if (b(0) < 0x80) return letter = b(0), 1;
                    if (b(0) < 0xE0) return letter = (b(0) & 31u) << 6 | (b(1) & 63u), 2;
                    return letter = (b(0) & 15u) << 12 | (b(1) & 63u) << 6 | (b(2) & 63u), 3;
                }());
                INFO(key << " U+" << std::hex << letter);
                CHECK(fonts.body->FindGlyphNoFallback(static_cast<ImWchar>(letter)));
            }
        }
    }
}

TEST_CASE("session time is written as a clock") {
    CHECK(clock_text(0) == "00:00");
    CHECK(clock_text(125'900) == "02:05");
    CHECK(clock_text(3'725'000) == "1:02:05");
    CHECK(clock_text(-5) == "00:00");
}

}  // namespace
}  // namespace accalmie::test
