// SPDX-License-Identifier: Apache-2.0
// `accalmie corpus`: discussions that somebody has collected, counted by theme against how often they were read; wishes for scenes.
#include <algorithm>
#include <cmath>
#include <format>
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/between/corpus/chosen.h"
#include "clinician/between/corpus/counts.h"
#include "clinician/between/corpus/import.h"
#include "clinician/between/wishes.h"
#include "clinician/commands/account_option.h"

namespace accalmie::commands {
namespace {

using nlohmann::json;

struct Options {
    AccountOption account;
    std::string file, name, corpus, words, by = "theme", theme, why, language;
    bool all = false, as_json = false;
};

void print_json(const json& value) { std::println("{}", value.dump(2, ' ', false, json::error_handler_t::replace)); }

// What the printed tables say, in the language asked for.
struct Words {
    bool french;
    std::string operator()(const char* english, const char* in_french) const { return french ? in_french : english; }
    std::string number(std::int64_t value) const {
        std::string digits = std::to_string(value);
        for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, french ? "\u202f" : ",");
        return digits;
    }
    std::string percent(double share) const { return std::format("{}{}%", std::lround(share * 100), french ? "\u202f" : ""); }
};

Words words_of(const Options& options, const records::Study& study) { return {(options.language.empty() ? study.info().language : options.language) == "fr"}; }

// Signs on the screen, not bytes.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::string space(width > width_of(text) ? width - width_of(text) : 0, ' ');
    return right ? space + text : text + space;
}

std::string bar(double share_of_largest, int width) {
    std::string out;
    for (int i = 0; i < static_cast<int>(std::lround(share_of_largest * width)); ++i) out += "█";
    return out;
}

std::string key_words(const Words& say, between::CountBy by, const std::string& key) {
    if (by == between::CountBy::product && key.empty()) return say("(none named)", "(aucun)");
    if (by != between::CountBy::status) return key;
    return key == "new" ? say("new", "nouveau") : key == "regular" ? say("regular", "habitué") : say("confirmed", "confirmé");
}

struct Column {
    std::string head;
    bool right = true;
    std::vector<std::string> cells;
};

void print_columns(const std::vector<Column>& columns) {
    const std::size_t rows = columns.front().cells.size();
    std::vector<std::size_t> widths;
    for (const Column& column : columns) {
        widths.push_back(width_of(column.head));
        for (const std::string& cell : column.cells) widths.back() = std::max(widths.back(), width_of(cell));
    }
    for (std::size_t row = 0; row <= rows; ++row) {
        std::string line;
        for (std::size_t i = 0; i < columns.size(); ++i) line += padded(row == 0 ? columns[i].head : columns[i].cells[row - 1], widths[i], columns[i].right) + "  ";
        line.erase(line.find_last_not_of(' ') + 1);
        std::println("{}", line);
    }
}

std::string by_words(const Words& say, between::CountBy by) {
    switch (by) {
        case between::CountBy::theme: return say("theme", "thème");
        case between::CountBy::product: return say("product", "produit");
        case between::CountBy::status: return say("status", "statut");
        case between::CountBy::forum: return "forum";
        case between::CountBy::week: break;
    }
    return say("week", "semaine");
}

void print_head(const Words& say, const between::Chosen& chosen, const between::CountTable& table) {
    const auto of = say.number(static_cast<std::int64_t>(chosen.of)), kept = say.number(static_cast<std::int64_t>(table.threads));
    std::print("{}{}", chosen.corpus, say.french ? std::format("\u202f: {} discussions sur {}", kept, of) : std::format(": {} of {} discussions", kept, of));
    if (table.threads > 0)
        std::print("{}", say.french ? std::format(", {} vues, relevées du {} au {}", say.number(table.views), table.counted_first, table.counted_last)
                                    : std::format(", {} views, counted from {} to {}", say.number(table.views), table.counted_first, table.counted_last));
    std::println("");
    std::string words;
    for (const std::string& word : chosen.words) words += (words.empty() ? "" : ", ") + word;
    std::println("{}{}\n", say("words in the title: ", "mots du titre\u202f: "), words.empty() ? say("any", "tous") : words);
}

void print_table(const Words& say, const between::Chosen& chosen, const between::CountTable& table, between::CountBy by) {
    print_head(say, chosen, table);
    if (table.rows.empty()) return std::println("{}", say("no title holds one of these words", "aucun titre ne contient l’un de ces mots"));
    std::size_t most_threads = 1;
    std::int64_t most_views = 1;
    for (const auto& row : table.rows) {
        most_threads = std::max(most_threads, row.threads);
        most_views = std::max(most_views, row.views);
    }
    std::vector<Column> columns{{by_words(say, by), false, {}}, {say("discussions", "discussions"), true, {}}, {say("share", "part"), true, {}}, {"", false, {}},
                                {say("views", "vues"), true, {}}, {"", false, {}}, {say("views each", "vues/disc."), true, {}}, {say("by new", "par nouveaux"), true, {}},
                                {say("ranks", "rangs"), true, {}}};
    for (const auto& row : table.rows) {
        const std::string cells[]{key_words(say, by, row.key), say.number(static_cast<std::int64_t>(row.threads)), say.percent(row.share),
                                  bar(static_cast<double>(row.threads) / static_cast<double>(most_threads), 11), say.number(row.views),
                                  bar(static_cast<double>(row.views) / static_cast<double>(most_views), 20), say.number(std::llround(row.views_per_thread)),
                                  row.threads ? say.percent(row.share_by_new) : "", std::format("{} / {}", row.rank_threads, row.rank_views)};
        for (std::size_t i = 0; i < columns.size(); ++i) columns[i].cells.push_back(cells[i]);
    }
    print_columns(columns);
    if (by != between::CountBy::theme) return;
    const auto told = std::ranges::find(table.rows, 1, &between::Count::rank_threads), read = std::ranges::find(table.rows, 1, &between::Count::rank_views);
    std::println("\n{}{} ({}).  {}{} ({}).", say("most discussed: ", "le plus discuté\u202f: "), key_words(say, by, told->key), say.number(static_cast<std::int64_t>(told->threads)),
                 say("most read: ", "le plus lu\u202f: "), key_words(say, by, read->key), say.french ? say.number(read->views) + " vues" : say.number(read->views) + " views");
}

json json_of(const between::Chosen& chosen, const between::CountTable& table, const std::string& by) {
    json rows = json::array();
    for (const auto& row : table.rows)
        rows.push_back({{"key", row.key}, {"discussions", row.threads}, {"share", row.share}, {"views", row.views}, {"views_per_discussion", row.views_per_thread}, {"opened_by_new", row.by_new},
                        {"share_opened_by_new", row.share_by_new}, {"rank_discussions", row.rank_threads}, {"rank_views", row.rank_views}});
    return {{"corpus", chosen.corpus}, {"words", chosen.words}, {"by", by}, {"discussions", table.threads}, {"of", chosen.of}, {"views", table.views},
            {"opened_by_new", table.by_new}, {"counted_first", table.counted_first}, {"counted_last", table.counted_last}, {"rows", rows}};
}

template <class T>
T need(Result<T> result) {
    if (!result) fail(result.error());
    return *std::move(result);
}

void import(const Options& options) {
    SignedIn who = options.account.sign_in(records::Right::study_corpus);
    const auto imported = need(between::import_corpus(who.study, who.account, options.file, options.name));
    if (options.as_json) {
        print_json({{"corpus", imported.id}, {"discussions", imported.threads}, {"authors", imported.authors}, {"titles_changed", imported.titles_changed}, {"sha", imported.sha}});
        finish(0);
    }
    const Words say = words_of(options, who.study);
    if (say.french) {
        std::println("{}\u202f: {} discussions de {} auteurs importées", imported.id, imported.threads, imported.authors);
        std::println("Les pseudonymes des auteurs n’y sont plus\u202f: des codes les remplacent, dont la clé a été jetée.");
        if (imported.titles_changed > 0) std::println("Titres qui nommaient un auteur et portent maintenant son code\u202f: {}", imported.titles_changed);
    } else {
        std::println("{}: {} discussions of {} authors imported", imported.id, imported.threads, imported.authors);
        std::println("The authors' handles are gone: codes stand for them, and their key was thrown away.");
        if (imported.titles_changed > 0) std::println("Titles that named an author and carry the code now: {}", imported.titles_changed);
    }
    finish(0);
}

void table(const Options& options) {
    const auto by = between::count_by(options.by);
    if (!by) fail("--by " + options.by + " is not known", "theme, product, status, forum or week");
    if (options.all && !options.words.empty()) fail("--all takes every title, --words chooses", "give one of them");
    const SignedIn who = options.account.sign_in(records::Right::study_corpus);
    auto words = options.all ? std::vector<std::string>{} : options.words.empty() ? between::epidemic_words() : between::split_words(options.words);
    if (words.empty() && !options.all) fail("--words holds no word", "separate them by commas, such as --words 'confiné*,covid'");
    const auto corpora = need(between::read_corpora(who.study));
    const auto chosen = need(between::choose_threads(corpora, options.corpus, std::move(words)));
    const auto counted = between::count_threads(chosen.threads, *by);
    if (options.as_json) print_json(json_of(chosen, counted, options.by));
    else print_table(words_of(options, who.study), chosen, counted, *by);
    finish(0);
}

json json_of(const between::Wish& wish) { return {{"wish", wish.id}, {"from", wish.from}, {"theme", wish.theme}, {"why", wish.why}, {"by", wish.by}}; }

void wish(const Options& options) {
    SignedIn who = options.account.sign_in(records::Right::study_corpus);
    const auto corpora = need(between::read_corpora(who.study));
    const auto theme = need(between::known_theme(corpora, options.theme));
    const auto made = need(between::make_wish(who.study, who.account, "corpus", theme, options.why));
    if (options.as_json) print_json(json_of(made));
    else std::println("{}{}", made.id, words_of(options, who.study).french ? std::format("\u202f: une scène sur «\u202f{}\u202f» est souhaitée", made.theme) : std::format(": a scene about '{}' is wished for", made.theme));
    finish(0);
}

void wishes(const Options& options) {
    const SignedIn who = options.account.sign_in(records::Right::study_corpus);
    auto list = need(between::read_wishes(who.study));
    // A wish out of a diary may tell of a patient: who studies discussions alone does not see it.
    if (!records::may(who.account.role, records::Right::read_clinical)) std::erase_if(list, [](const between::Wish& each) { return each.from != "corpus"; });
    if (options.as_json) {
        json answer = json::array();
        for (const auto& each : list) answer.push_back(json_of(each));
        print_json(answer);
        finish(0);
    }
    const Words say = words_of(options, who.study);
    if (list.empty()) std::println("{}", say("no scene was wished for yet: accalmie corpus wish", "aucune scène souhaitée pour l’instant\u202f: accalmie corpus wish"));
    for (const auto& each : list)
        std::println("{}  {} ({})  {}", each.id, each.theme, each.from == "diary" ? say("diary", "carnet") : say("discussions", "discussions"), each.why);
    finish(0);
}

void add_common(CLI::App& command, Options& options) {
    options.account.add(command);
    command.add_flag("--json", options.as_json, "Answer in JSON");
    command.add_option("--language", options.language, "Language of what is printed (the study's)")->check(CLI::IsMember({"fr", "en"}))->type_name("fr|en");
}

void add_table(CLI::App& corpus, const std::shared_ptr<Options>& options) {
    CLI::App& command = *corpus.add_subcommand("table", "Count discussions against views: by theme, product, status, forum or week");
    add_common(command, *options);
    command.add_option("--words", options->words, "Words that choose titles, separated by commas; 'confiné*' finds every word that begins so. Case, accents and hyphens do not matter (words of the epidemic of 2020, French and English)")
        ->type_name("LIST");
    command.add_flag("--all", options->all, "Every title");
    command.add_option("--by", options->by, "theme, product, status, forum or week")->check(CLI::IsMember({"theme", "product", "status", "forum", "week"}))->capture_default_str();
    command.add_option("--corpus", options->corpus, "Which corpus (the one imported last)")->type_name("ID");
    command.footer("Example: accalmie corpus table --by theme --words 'confiné*,covid,covid-19' --account a.martin --study ./crave --key-file site.key");
    command.callback([options] { table(*options); });
}

}  // namespace

void add_corpus(CLI::App& app) {
    CLI::App& corpus = *app.add_subcommand("corpus", "Discussions that somebody has already and lawfully collected: counted by theme and by how often they were read");
    corpus.require_subcommand(1);
    corpus.footer("Example: accalmie corpus table --by theme --account a.martin --study ./crave --key-file site.key");
    const auto options = std::make_shared<Options>();

    CLI::App& fresh = *corpus.add_subcommand("import", "Take a file of discussions into the study, without the authors' handles; all of it or nothing");
    add_common(fresh, *options);
    fresh.add_option("FILE", options->file, "CSV, or JSON as an array of objects: forum, title, date, views, counted, theme, product, status, author")->required();
    fresh.add_option("--name", options->name, "Name of the corpus (C001, C002, ...)")->type_name("ID");
    fresh.footer("Example: accalmie corpus import discussions.csv --account a.martin --study ./crave --key-file site.key");
    fresh.callback([options] { import(*options); });

    add_table(corpus, options);

    CLI::App& want = *corpus.add_subcommand("wish", "Wish for a scene about one theme");
    add_common(want, *options);
    want.add_option("--theme", options->theme, "The theme, as the table prints it")->required()->type_name("TEXT");
    want.add_option("--why", options->why, "Why a scene is wanted, in a sentence")->required()->type_name("TEXT");
    want.footer("Example: accalmie corpus wish --theme achat --why 'the most read theme' --account a.martin --study ./crave --key-file site.key");
    want.callback([options] { wish(*options); });

    CLI::App& list = *corpus.add_subcommand("wishes", "List the scenes that were wished for");
    add_common(list, *options);
    list.footer("Example: accalmie corpus wishes --account a.martin --study ./crave --key-file site.key");
    list.callback([options] { wishes(*options); });
}

}  // namespace accalmie::commands
