// SPDX-License-Identifier: Apache-2.0
#include "clinician/reports/referral_letter.h"

#include <algorithm>
#include <format>

#include "clinician/reports/page.h"
#include "clinician/reports/report_texts.h"

namespace accalmie::reports {
namespace {

constexpr float left = 62, right = Page::width - 62, room = right - left, leading = 14.5F;
constexpr Colour ink = rgb(0x1A1A1A), grey = rgb(0x55606A), rule = rgb(0x9FB0BB);
constexpr std::size_t kMostLines = 22;  // of the reason: what the page has room for

struct Writer {
    Page& page;
    const ReferralLetter& letter;
    Texts texts;

    float head() {
        page.text_within(left, 74, 250, letter.site.empty() ? texts("(site not named)", "(site sans nom)") : std::string_view(letter.site), {.size = 12, .bold = true, .colour = ink});
        page.text_within(left, 89, 250, std::format("{} {}", texts("referral", "orientation"), letter.referral), {.size = 9, .colour = grey});
        float y = 130;
        bool first = true;
        for (const std::string& line : letter.service) {
            y = page.paragraph(left + 235, y, room - 235, leading, line, {.size = 10.5F, .bold = first, .colour = ink}, 2);
            first = false;
        }
        if (!letter.telephone.empty()) {
            page.text_within(left + 235, y, room - 235, std::format("{} {}", texts("Tel.", "Tél."), letter.telephone), {.size = 10.5F, .colour = ink});
            y += leading;
        }
        // Texts::date also writes an hour; a letter has a day
        const std::string day = texts.date(letter.on + "T00:00");
        page.text(right, y + 14, day.substr(0, day.find(',')), {.size = 10.5F, .colour = ink, .align = Align::right});
        return y + 50;
    }

    float hand_line(float y, std::string_view label) {
        page.text(left, y, label, {.size = 10, .colour = ink});
        page.line({left + 190, y + 2}, {right, y + 2}, rule, 0.8F);
        return y + 26;
    }

    float patient(float y) {
        page.text(left, y, texts("Subject: request for a first appointment", "Objet : demande d’un premier rendez-vous"), {.size = 12, .bold = true, .colour = ink});
        y = hand_line(y + 34, texts("Patient (written by hand)", "Patient (écrit à la main)"));
        y = hand_line(y, texts("Born on, telephone (by hand)", "Né(e) le, téléphone (à la main)"));
        page.text(left, y, texts("Pseudonym in our record", "Pseudonyme dans notre dossier"), {.size = 10, .colour = ink});
        page.text(left + 190, y, letter.pseudonym, {.size = 10.5F, .bold = true, .colour = ink});
        y += 24;
        page.frame(left, y - 8.5F, 10, 10, ink, 0.9F);  // nobody but the writer knows, so the program does not claim it
        page.text(left + 18, y, texts("The patient agrees to this letter (tick by hand)", "Le patient est d’accord avec cet envoi (à cocher à la main)"), {.size = 10, .colour = ink});
        return y + 34;
    }

    float body(float y) {
        y = page.paragraph(left, y, room, leading, texts("Dear colleagues,", "Chères consœurs, chers confrères,"), {.size = 10.5F, .colour = ink}) + 5;
        y = page.paragraph(left, y, room, leading,
                           texts("I refer this person to you. The reason, in my own words:",
                                 "Je vous adresse cette personne. Le motif, avec mes mots :"),
                           {.size = 10.5F, .colour = ink}) + 5;
        page.line({left, y - 9}, {left, y - 9 + leading * static_cast<float>(lines().size())}, rule, 2);
        for (const std::string& line : lines()) {
            page.text(left + 14, y, line, {.size = 10.5F, .colour = ink});
            y += leading;
        }
        y = page.paragraph(left, y + 9, room, leading,
                           texts("Please tell us when this letter has come, and when the first appointment is, or that you cannot take it on: nobody should be lost on the way between two services.",
                                 "Merci de nous dire quand cette lettre vous est parvenue et la date du premier rendez-vous, ou que vous ne pouvez pas y répondre : personne ne doit se perdre entre deux services."),
                           {.size = 10.5F, .colour = ink});
        y = page.paragraph(left, y + 5, room, leading, texts("With kind regards,", "Bien confraternellement,"), {.size = 10.5F, .colour = ink});
        return hand_line(y + 40, texts("Name and signature (by hand)", "Nom et signature (à la main)"));
    }

    void foot() {
        page.line({left, Page::height - 74}, {right, Page::height - 74}, rule, 0.6F);
        page.paragraph(left, Page::height - 60, room, 11,
                       std::format("{} {}. {}", texts("Written with Accalmie, research software, under the account", "Écrit avec Accalmie, logiciel de recherche, sous le compte"), letter.account,
                                   texts("The program prints no names: the patient’s stands on this sheet only, written by hand. Its record has the day, the pseudonym, the service and this file’s hash, not the reason.",
                                         "Le programme n’imprime aucun nom : celui du patient n’est que sur cette feuille, écrit à la main. Son registre garde le jour, le pseudonyme, le service et l’empreinte de ce fichier, pas le motif.")),
                       {.size = 8, .colour = grey});
    }

    // A line break in the reason is kept.
    std::vector<std::string> lines() {
        std::vector<std::string> out;
        for (std::size_t from = 0; from <= letter.reason.size();) {
            const std::size_t end = std::min(letter.reason.find('\n', from), letter.reason.size());
            const auto wrapped = page.wrapped(std::string_view(letter.reason).substr(from, end - from), room - 14, {.size = 10.5F});
            out.insert(out.end(), wrapped.begin(), wrapped.end());
            from = end + 1;
        }
        return out;
    }
};

}  // namespace

Result<void> write_referral_letter(const ReferralLetter& letter, const std::string& path) {
    Texts texts(letter.language);
    auto page = Page::create(std::format("{} {}", texts("Referral", "Orientation"), letter.referral));
    if (!page) return std::unexpected(page.error());
    Writer writer{*page, letter, texts};
    if (const auto lines = writer.lines().size(); lines > kMostLines)
        return std::unexpected(Error{std::format("the reason takes {} lines, the letter has room for {}", lines, kMostLines), "shorten it, or join a second sheet by hand"});
    writer.foot();
    writer.body(writer.patient(writer.head()));
    return page->save(path);
}

}  // namespace accalmie::reports
