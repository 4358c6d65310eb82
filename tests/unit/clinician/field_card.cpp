// SPDX-License-Identifier: Apache-2.0
// The result card: what every one says, and what none may say.
#include "clinician/session/field_card.h"

#include <algorithm>

#include "field_fixture.h"

using namespace accalmie;
using namespace accalmie::records::test;
using namespace accalmie::session;

namespace {

FieldCheck identified() {
    return {.session = "S0001", .outcome = "completed", .consent = true, .simulated = true, .verdict = "identified", .model = "simulated-tablet@1c4c612bc70c", .unit = "mg",
            .value = 49.87, .interval_low = 48.45, .interval_high = 51.29, .judged = {"simulated-powder@0", "simulated-tablet@1c4c612bc70c"}, .cell = "48.5,2.0", .week = "2026-W47"};
}
FieldCheck with_verdict(const std::string& verdict, bool simulated) {
    FieldCheck check = identified();
    check.verdict = verdict;
    check.simulated = simulated;
    if (verdict != "identified") check.value = check.interval_low = check.interval_high = std::nullopt;
    return check;
}
std::vector<FieldCheck> all() {
    std::vector<FieldCheck> checks{{.session = "S0009", .outcome = "stopped"}, with_verdict("", true)};
    for (const char* verdict : {"identified", "none of these", "more than one is possible"})
        for (const bool simulated : {true, false}) checks.push_back(with_verdict(verdict, simulated));
    return checks;
}
std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

}  // namespace

TEST_CASE("no card calls a product harmless or tells how much to take, in any verdict and language") {
    for (const std::string language : {"fr", "en"})
        for (const auto& check : all()) {
            const auto card = field_card(check, language);
            for (const std::string& text : {lower(text_of(card)), lower(html_of(card))}) {
                INFO(text);
                for (const char* word : {"safe", "sûr", "sans danger", "sans risque", "inoffensi", "harmless product", "dose", "dosage", "posolog"}) {
                    INFO(word);
                    CHECK_FALSE(text.contains(word));
                }
            }
        }
}

TEST_CASE("every card with a measurement says what NIR cannot see, and where help is") {
    for (const auto& check : all()) {
        if (!check.consent) continue;
        const std::string french = text_of(field_card(check, "fr")), english = text_of(field_card(check, "en"));
        INFO(french);
        for (const char* words : {"petite quantité", "fentanyls", "nitazènes", "Ne jamais consommer seul", "112", "analyse de drogues", "addictologie", "n’écarte un risque"}) CHECK(french.contains(words));
        for (const char* words : {"small amount", "Fentanyls", "nitazenes", "Never use alone", "112", "drug-checking", "addiction service", "rules out a risk"}) CHECK(english.contains(words));
    }
}

TEST_CASE("French cards have typographic apostrophes and narrow spaces") {
    for (const auto& check : all()) {
        const std::string text = text_of(field_card(check, "fr"));
        INFO(text);
        CHECK_FALSE(text.contains('\''));
        for (const char* wrong : {" :", " ;", " ?", " !", " %"}) CHECK_FALSE(text.contains(wrong));
    }
}

TEST_CASE("a content stands only beside its interval, and only when identified") {
    const auto french = field_card(identified(), "fr"), english = field_card(identified(), "en");
    CHECK(french.verdict == "Ressemble à\u202F: comprimé simulé de référence");
    CHECK(french.content == "Teneur estimée\u202F: 49,9\u00A0mg (intervalle à 95\u202F%\u202F: de 48,5 à 51,3\u00A0mg)");
    CHECK(english.content == "Estimated content: 49.9\u00A0mg (95% interval: 48.5 to 51.3\u00A0mg)");
    CHECK(content_words(identified(), "en") == "49.9\u00A0mg [48.5; 51.3]");
    CHECK(html_of(french).contains("<svg"));
    for (const char* verdict : {"none of these", "more than one is possible"}) {
        const auto card = field_card(with_verdict(verdict, true), "en");
        CHECK(card.content.empty());
        CHECK_FALSE(card.value);
        CHECK_FALSE(html_of(card).contains("<svg"));
        CHECK_FALSE(text_of(card).contains("mg"));
    }
}

TEST_CASE("what is simulated is written across the card, the source or the models") {
    CHECK(field_card(with_verdict("identified", true), "fr").stamp == "SIMULÉ");
    CHECK(field_card(with_verdict("identified", true), "en").stamp == "SIMULATED");
    const auto real = field_card(with_verdict("none of these", false), "en");
    CHECK(real.stamp == "SIMULATED MODEL");
    REQUIRE(real.notices.size() == 1);
    CHECK(real.notices[0].contains("judge nothing real"));
    CHECK(html_of(real).contains("class=\"across\""));
    CHECK(html_of(real).contains("judge nothing real"));
    auto own = with_verdict("identified", false);
    own.model = "octane@1234567890ab";
    own.judged = {own.model};
    CHECK(field_card(own, "en").stamp.empty());
    CHECK_FALSE(html_of(field_card(own, "en")).contains("class=\"across\""));
}

TEST_CASE("the card tells neither place nor week nor session") {
    for (const std::string language : {"fr", "en"}) {
        const auto card = field_card(identified(), language);
        for (const std::string& text : {text_of(card), html_of(card)})
            for (const char* secret : {"48.5,2.0", "2026-W47", "S0001"}) CHECK_FALSE(text.contains(secret));
    }
}

TEST_CASE("the page needs nothing else, says its language, and a model's name cannot write into it") {
    auto check = identified();
    check.model = "<script>alert(1)</script>\"&@0";
    const std::string page = html_of(field_card(check, "fr"));
    CHECK(page.starts_with("<!doctype html>\n<html lang=\"fr\">"));
    CHECK(page.contains("name=\"viewport\""));
    CHECK_FALSE(page.contains("<script"));
    CHECK(page.contains("&lt;script&gt;"));
    for (const char* outside : {"http:", "https:", "src=", "url(", "@import", "<link"}) CHECK_FALSE(page.contains(outside));
    const Folder folder;
    must(write_field_card_html(field_card(check, "fr"), folder / "card.html"));
    CHECK(bytes_of(folder / "card.html") == page);
    CHECK_FALSE(write_field_card_html(field_card(check, "fr"), folder / "none/card.html").has_value());
}

TEST_CASE("the bar's scale is round and holds the interval") {
    const auto scale = [](double high, const char* unit) { return content_scale({.unit = unit, .interval_high = high}); };
    CHECK(scale(51.3, "mg") == 100);
    CHECK(scale(35, "%") == 100);
    CHECK(scale(4.1, "mg") == 5);
    CHECK(scale(8.5, "mg") == 20);
    CHECK(scale(-1, "mg") == 1);
}
