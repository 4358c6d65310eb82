// SPDX-License-Identifier: Apache-2.0
#include "clinician/reports/session_report.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>

#include "clinician/records/projection.h"
#include "clinician/reports/craving_plot.h"
#include "clinician/reports/page.h"
#include "clinician/reports/report_texts.h"

namespace accalmie::reports {
namespace {

using records::RatingStatus;
using records::Segment;
using records::SessionRecord;

constexpr float left = 42, right = Page::width - 42, room = right - left;
constexpr float row_height = 14.5F, footer_top = 754;
constexpr std::size_t most_rows = 13;
constexpr Colour ink = rgb(0x1A1A1A), grey = rgb(0x5A5A5A), faint = rgb(0xD5D9DD), navy = rgb(0x16324F), vermilion = rgb(0xC14A00), paper = rgb(0xF5F7F9);

class Report {
public:
    Report(Page& page, const records::Study& study, const SessionRecord& record, std::string_view language) : page_(page), study_(study), record_(record), texts_(language) {
        for (std::size_t i = 0; i < record_.segments.size(); ++i)
            if (record_.segments[i].to_ms > record_.segments[i].from_ms) shown_.push_back(i);
    }
    void draw(const std::vector<records::NirRecord>& nir, const records::Hash& head);

private:
    float header();
    std::string_view title() const;
    std::string_view not_measured() const;  // why there is no NIR result
    float intended_use(float y);
    float tiles(float y);
    void tile(float x, float y, float width, std::string_view label, const std::string& value, bool strong);
    float table(float y);
    void row(float y, std::size_t segment);
    void reason(float x, float y, const std::string& why);
    float nir_block(float y, const std::vector<records::NirRecord>& nir);
    float notes(float y);
    void footer(const records::Hash& head);
    float section(float y, std::string_view title);
    std::string ratings_in(const Segment& segment) const;
    std::vector<std::string> clinical_notes() const;
    int mark_number(std::size_t segment) const;
    bool about_patient() const { return record_.summary.kind != "nir-field"; }  // a substance check has none

    Page& page_;
    const records::Study& study_;
    const SessionRecord& record_;
    Texts texts_;
    std::vector<std::size_t> shown_;
};

std::string_view Report::title() const {
    if (!about_patient()) return texts_("Substance check report", "Compte rendu de contrôle d'un produit");
    if (record_.summary.kind == "nir") return texts_("NIR verification report", "Compte rendu de vérification NIR");
    return texts_("Exposure session report", "Compte rendu de séance d'exposition");
}

std::string_view Report::not_measured() const {
    const bool refused = std::ranges::any_of(record_.events, [](const auto& event) { return event.name == "consent" && event.text.starts_with("refused"); });
    if (!refused) return texts_("No result was recorded.", "Aucun résultat n'a été enregistré.");
    if (!about_patient()) return texts_("Not measured: consent was refused.", "Pas de mesure : le consentement a été refusé.");
    return texts_("Not measured: the patient did not consent.", "Pas de mesure : le patient n'a pas consenti.");
}

float Report::header() {
    page_.box(0, 0, Page::width, 6, navy);
    page_.text(left, 40, title(), {.size = 17, .bold = true, .colour = navy});
    const auto& info = study_.info();
    page_.text_within(left, 55, room - 130, info.title.empty() ? info.id : info.title, {.size = 9.5F, .colour = ink});
    page_.text_within(left, 67.5F, room - 130, std::format("{}{}{}", info.site, info.site.empty() ? "" : "  ·  ", texts_("study ", "étude ")) + info.id, {.size = 8, .colour = grey});
    page_.text(right, 41, about_patient() ? record_.summary.pseudonym : std::string(texts_("no patient", "sans patient")), {.size = about_patient() ? 19.0F : 12.0F, .bold = true, .colour = ink, .align = Align::right});
    page_.text(right, 55, std::format("{} {}", texts_("session", "séance"), record_.summary.id), {.size = 9.5F, .colour = ink, .align = Align::right});
    page_.text(right, 67.5F, "accalmie", {.size = 8, .bold = true, .colour = grey, .align = Align::right});

    float y = 86;
    const auto fact = [&](float x, float width, std::string_view label, const std::string& value) {
        page_.text(x, y, label, {.size = 6.8F, .colour = grey});
        page_.text_within(x, y + 11, width, value, {.size = 8.8F, .bold = false, .colour = ink});
    };
    const std::string title = record_.plan ? record_.plan->title.in(texts_.french() ? "fr" : "en") : record_.summary.protocol;
    fact(left, 156, texts_("PROTOCOL", "PROTOCOLE"), std::format("{}{}", title, record_.protocol_version ? std::format("  (v{})", *record_.protocol_version) : ""));
    fact(left + 162, 148, texts_("STARTED", "DÉBUT"), texts_.date(record_.summary.started_utc));
    fact(left + 314, 52, texts_("LENGTH", "DURÉE"), texts_.duration(record_.length_ms));
    fact(left + 368, 86, texts_("SESSION", "SÉANCE"), std::string(texts_.outcome(record_.summary.outcome)));
    fact(left + 458, room - 458, about_patient() ? texts_("CLINICIAN", "CLINICIEN") : texts_("ACCOUNT", "COMPTE"), record_.clinician);
    return y + 20;
}

float Report::intended_use(float y) {
    const Style style{.size = 7.6F, .colour = ink};
    const std::string text(texts_(
        "Research software, for use under a clinician's supervision. Not a certified medical device: this page alone is no basis for a diagnosis or a decision of care.",
        "Logiciel de recherche, à utiliser sous la supervision d'un clinicien. Ce n'est pas un dispositif médical certifié : cette page ne fonde à elle seule ni diagnostic ni décision de soin."));
    const auto lines = page_.wrapped(text, room - 18, style);
    const float height = 8 + 10 * static_cast<float>(lines.size());
    page_.box(left, y, room, height, paper);
    page_.box(left, y, 3, height, navy);
    page_.paragraph(left + 11, y + 12, room - 18, 10, text, style);
    y += height;
    if (!study_.info().rehearsal) return y + 8;
    page_.box(left, y + 4, room, 16, rgb(0xFDEBD9));
    page_.box(left, y + 4, 3, 16, vermilion);
    page_.text_within(left + 11, y + 15, room - 18, texts_("Rehearsal: the patient is simulated. Nothing on this page was measured on a person.", "Répétition : le patient est simulé. Rien sur cette page n'a été mesuré chez une personne."),
                      {.size = 7.6F, .bold = true, .colour = rgb(0x8A3500)});
    return y + 28;
}

void Report::tile(float x, float y, float width, std::string_view label, const std::string& value, bool strong) {
    page_.frame(x, y, width, 35, faint, 0.7F);
    page_.text_within(x + 7, y + 11, width - 10, label, {.size = 6.8F, .colour = grey});
    page_.text_within(x + 7, y + 28, width - 10, value, {.size = 14, .bold = true, .colour = strong ? vermilion : ink});
}

float Report::tiles(float y) {
    const auto summary = records::summarise(record_);
    const auto points = [](std::optional<int> value) { return value ? std::format("{}", *value) : std::string("–"); };
    const std::string fall = !summary.fall_percent ? "–" : *summary.fall_percent < 0 ? std::format("+{} %", -*summary.fall_percent) : std::format("−{} %", *summary.fall_percent);
    const float gap = 6, width = (room - 5 * gap) / 6;
    const auto at = [&](int index) { return left + static_cast<float>(index) * (width + gap); };
    tile(at(0), y, width, texts_("Baseline (mean)", "Ligne de base"), points(summary.baseline), false);
    tile(at(1), y, width, texts_("Peak in exposure", "Pic en exposition"), points(summary.peak), true);
    tile(at(2), y, width, texts_("End of exposure", "Fin d'exposition"), points(summary.exposure_end), false);
    tile(at(3), y, width, texts_("End of session", "Fin de séance"), points(summary.end), false);
    tile(at(4), y, width, texts_("Peak to end", "Du pic à la fin"), fall, false);
    tile(at(5), y, width, texts_("Ratings given", "Cotes données"), std::format("{} / {}", summary.answered, summary.answered + summary.missing), false);
    return y + 35 + 17;
}

float Report::section(float y, std::string_view title) {
    page_.text(left, y, title, {.size = 9, .bold = true, .colour = navy});
    page_.line({left, y + 4}, {right, y + 4}, faint, 0.7F);
    return y + 8;
}

std::string Report::ratings_in(const Segment& segment) const {
    std::vector<int> values;
    int missing = 0;
    for (const auto& rating : record_.ratings) {
        if (rating.superseded_by || rating.status == RatingStatus::withdrawn) continue;
        const bool inside = rating.t_ms > segment.from_ms ? rating.t_ms <= segment.to_ms : rating.t_ms == 0 && segment.from_ms == 0;
        if (!inside) continue;
        if (rating.value) values.push_back(*rating.value);
        else ++missing;
    }
    std::string text;
    if (values.size() == 1) text = std::format("{}", values[0]);
    if (values.size() > 1) text = std::format("{} → {} → {}", values.front(), *std::ranges::max_element(values), values.back());
    if (missing > 0) text += std::format("{}{}×", text.empty() ? "" : "  ", missing);
    return text.empty() ? "–" : text;
}

int Report::mark_number(std::size_t segment) const {
    int number = 0;
    for (std::size_t i = 0; i <= segment && i < record_.segments.size(); ++i) number += is_marked(record_, i);
    return number;
}

// x of the columns: step, level, from-to, ratings, why it ended.
constexpr std::array<float, 5> columns{left, left + 130, left + 164, left + 228, left + 304};

// On one line where it fits, else smaller, else on two lines.
void Report::reason(float x, float y, const std::string& why) {
    for (const float size : {7.6F, 7.0F, 6.5F})
        if (page_.text_width(why, {.size = size}) <= right - x) return page_.text(x, y, why, {.size = size});
    page_.paragraph(x, y - 3.6F, right - x, 7, why, {.size = 6.4F}, 2);
}

void Report::row(float y, std::size_t index) {
    const Segment& segment = record_.segments[index];
    const auto kind = kind_of(record_, segment.step);
    page_.box(left, y - 10, 3, row_height - 1.5F, kind ? Colour{tint_of(kind).red - 0.16F, tint_of(kind).green - 0.16F, tint_of(kind).blue - 0.16F} : faint);
    std::string title = title_of(record_, segment.step, texts_.french() ? "fr" : "en");
    if (title.empty()) title = segment.scene;
    page_.text_within(columns[0] + 8, y, columns[1] - columns[0] - 12, title, {.size = 8.2F});
    if (kind == protocols::StepKind::exposure) page_.text(columns[1] + 12, y, std::format("{}", segment.level), {.size = 8.2F, .align = Align::centre});
    const bool precise = record_.length_ms < 60'000;
    page_.text_within(columns[2], y, columns[3] - columns[2] - 2, std::format("{} – {}", texts_.clock(segment.from_ms, precise), texts_.clock(segment.to_ms, precise)), {.size = precise ? 7.2F : 8.2F});
    const std::string ratings = ratings_in(segment);
    const bool roomy = page_.text_width(ratings, {.size = 8.2F}) <= columns[4] - columns[3] - 3;
    page_.text_within(columns[3], y, columns[4] - columns[3] - 2, ratings, {.size = roomy ? 8.2F : 6.9F});
    if (index + 1 < record_.segments.size()) {
        float x = columns[4];
        if (is_marked(record_, index + 1)) {
            page_.disc({x + 4.6F, y - 2.8F}, 4.6F, vermilion);
            page_.text(x + 4.6F, y - 0.5F, std::format("{}", mark_number(index + 1)), {.size = 6.3F, .bold = true, .colour = rgb(0xFFFFFF), .align = Align::centre});
        }
        x += 13;
        reason(x, y, texts_.why(record_.segments[index + 1]));
    }
    page_.line({left, y + 4}, {right, y + 4}, rgb(0xEBEEF0), 0.5F);
}

float Report::table(float y) {
    if (shown_.empty()) return y;
    y = section(y, texts_("Step by step", "Étape par étape")) + 9;
    const Style head{.size = 6.8F, .colour = grey};
    page_.text(columns[0] + 8, y, texts_("STEP", "ÉTAPE"), head);
    page_.text(columns[1], y, texts_("LEVEL", "NIVEAU"), head);
    page_.text(columns[2], y, texts_("TIME", "TEMPS"), head);
    page_.text(columns[3], y, texts_("FIRST → PEAK → LAST", "DÉBUT → PIC → FIN"), head);
    page_.text(columns[4], y, texts_("WHY IT ENDED", "POURQUOI ELLE S'EST TERMINÉE"), head);
    y += 13;
    for (std::size_t i = 0; i < std::min(shown_.size(), most_rows); ++i, y += row_height) row(y, shown_[i]);
    if (shown_.size() > most_rows) {
        const std::size_t more = shown_.size() - most_rows;
        page_.text(left + 8, y, texts_.french() ? std::format("et {} de plus, dans l'export CSV", more) : std::format("and {} more, in the CSV export", more), {.size = 7.6F, .colour = grey});
        y += row_height;
    }
    return y + 6;
}

float Report::nir_block(float y, const std::vector<records::NirRecord>& nir) {
    if (nir.empty() && record_.summary.kind != "nir" && about_patient()) return y;
    y = section(y, texts_("Sample verified by near-infrared spectroscopy", "Échantillon vérifié par spectroscopie proche infrarouge")) + 11;
    if (nir.empty()) {
        page_.text(left + 8, y, not_measured(), {.size = 9, .bold = true});
        return y + 16;
    }
    for (const auto& result : nir) {
        std::string value;
        if (result.value) value = std::format("{} {}", texts_.number(*result.value, 2), result.unit);
        if (result.interval_low && result.interval_high)
            value += std::format("  [{} ; {}]", texts_.number(*result.interval_low, 2), texts_.number(*result.interval_high, 2));
        // Outside the model there is no value; the verdict then stands in its place.
        page_.text_within(left + 8, y, value.empty() ? room - 8 : 250, value.empty() ? std::string(texts_.verdict(result.verdict)) : value, {.size = 9, .bold = true});
        if (!value.empty()) page_.text_within(left + 266, y, room - 266, texts_.verdict(result.verdict), {.size = 8.6F});
        const std::string_view consent = !result.consent ? texts_("consent not recorded", "consentement non enregistré")
                                         : *result.consent ? texts_("consent recorded", "consentement enregistré") : texts_("consent refused", "consentement refusé");
        const std::string_view simulated = result.spectrum_source == "simulated spectrometer" ? texts_("SIMULATED  ·  ", "SIMULÉ  ·  ") : "";
        page_.text_within(left + 8, y + 10, room - 10, std::format("{}{} {}  ·  {} {}  ·  {}  ·  {}", simulated, texts_("session", "séance"), result.session, texts_("model", "modèle"), result.model.empty() ? "–" : result.model, texts_.date(result.utc), consent),
                          {.size = 7.2F, .colour = grey});
        y += 24;
    }
    return y + 2;
}

std::vector<std::string> Report::clinical_notes() const {
    std::vector<std::string> list;
    for (const auto& event : record_.events)
        if (event.name == "note" || event.name == "gap" || event.name == "fault") list.push_back(std::format("{}  {}", texts_.clock(event.t_ms), event.text));
    return list;
}

float Report::notes(float y) {
    const auto list = clinical_notes();
    const auto fits = static_cast<std::size_t>(std::max(0.0F, (footer_top - y - 24) / 11));
    if (list.empty() || fits == 0) return y;
    y = section(y, texts_("Notes and incidents", "Notes et incidents")) + 10;
    const bool cut = list.size() > fits;
    for (std::size_t i = 0; i < std::min(list.size(), cut ? fits - 1 : fits); ++i, y += 11) page_.text_within(left + 8, y, room - 10, list[i], {.size = 8});
    if (cut) page_.text(left + 8, y, texts_("… the rest is in the CSV export", "… la suite est dans l'export CSV"), {.size = 7.4F, .colour = grey});
    return y;
}

std::string in_groups(const std::string& hex) {
    std::string grouped;
    for (std::size_t i = 0; i < hex.size(); i += 8) grouped += hex.substr(i, 8) + " ";
    return grouped;
}

void Report::footer(const records::Hash& head) {
    float y = footer_top;
    page_.line({left, y}, {right, y}, faint, 0.7F);
    const Style label{.size = 6.6F, .colour = grey}, hash{.size = 6.6F, .colour = ink};
    page_.text(left, y += 11, texts_("Session digest", "Empreinte de la séance"), label);
    page_.text(left + 92, y, in_groups(records::to_hex(record_.digest)), hash);
    page_.text(left, y += 10, texts_("Ledger head", "Tête du registre"), label);
    page_.text(left + 92, y, in_groups(records::to_hex(head)), hash);
    page_.text(left, y += 11, texts_("Keep this page apart from the study: accalmie study verify --head finds with it any row cut off or changed since.",
                                     "À garder ailleurs que l'étude : avec cette page, accalmie study verify --head révèle toute ligne coupée ou changée depuis."), label);
    const std::string now = std::format("{:%FT%T}", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    page_.text(left, y += 11, std::format("{} {}  ·  Accalmie {}{}{}", texts_("Made on", "Établi le"), texts_.date(now), ACCALMIE_VERSION, record_.device.empty() ? "" : "  ·  ", record_.device), label);
    page_.text(right, y, "1 / 1", {.size = 6.6F, .colour = grey, .align = Align::right});
}

void Report::draw(const std::vector<records::NirRecord>& nir, const records::Hash& head) {
    float y = intended_use(header());
    const bool rated = !record_.ratings.empty() || !shown_.empty();
    if (rated) {
        y = tiles(y);
        page_.text(left, y, record_.plan ? record_.plan->scale.question.in(texts_.french() ? "fr" : "en") : std::string(texts_("Craving", "Envie")), {.size = 9, .bold = true, .colour = navy});
        page_.text(right, y, texts_("○ rating   × no answer   - - mean baseline", "○ cote   × sans réponse   - - ligne de base moyenne"), {.size = 7, .colour = grey, .align = Align::right});
        y += 6;
        // The plot takes what the tables leave.
        const std::size_t lines = std::min(shown_.size(), most_rows) + (shown_.size() > most_rows), notes = std::min<std::size_t>(clinical_notes().size(), 4);
        const float tables = 56 + row_height * static_cast<float>(lines) + (nir.empty() ? 0 : 27 + 24 * static_cast<float>(nir.size())) +
                             (notes == 0 ? 0 : 32 + 11 * static_cast<float>(notes));
        const float height = std::clamp(footer_top - y - tables, 165.0F, 290.0F);
        draw_craving_plot(page_, {.x = left, .y = y, .width = room, .height = height}, record_, texts_);
        y += height + 14;
    }
    y = table(y);
    y = nir_block(y + (rated ? 6 : 12), nir);
    notes(y + 4);
    footer(head);
}

// A NIR session's page shows its own result only: an older one beside a refusal would mislead.
Result<std::vector<records::NirRecord>> newest_nir(const records::Study& study, const SessionRecord& record) {
    if (record.summary.kind == "nir" || record.summary.pseudonym.empty()) return record.nir;
    auto list = study.sessions();
    if (!list) return std::unexpected(list.error());
    std::vector<records::NirRecord> found = record.nir;
    for (const auto& summary : *list) {
        if (summary.kind != "nir" || summary.pseudonym != record.summary.pseudonym || summary.id == record.summary.id) continue;
        auto other = records::read_session(study, summary.id);
        if (!other) return std::unexpected(other.error());
        found.insert(found.end(), other->nir.begin(), other->nir.end());
    }
    if (found.size() > 2) found.erase(found.begin(), found.end() - 2);
    return found;
}

}  // namespace

Result<void> write_session_report(const records::Study& study, const std::string& session, const std::string& language, const std::string& path) {
    if (language != "fr" && language != "en") return std::unexpected(Error{.message = "no report in language \"" + language + "\"", .hint = "give fr or en"});
    auto record = records::read_session(study, session);
    if (!record) return std::unexpected(record.error());
    auto nir = newest_nir(study, *record);
    if (!nir) return std::unexpected(nir.error());
    auto head = study.ledger().head();
    if (!head) return std::unexpected(head.error());
    auto page = Page::create(record->summary.pseudonym + " " + session);
    if (!page) return std::unexpected(page.error());
    Report(*page, study, *record, language).draw(*nir, *head);
    return page->save(path);
}

}  // namespace accalmie::reports
