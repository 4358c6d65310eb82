// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/corpus_tables.h"

#include "clinician/between/corpus/counts.h"

namespace accalmie::exports {
namespace {

Table discussions_table() {
    return Table("discussions", "Discussions", "One row a collected discussion: its index fields. Titles and handles are not exported: a title can be searched.",
        {{"corpus", "string", "Corpus, as imported", true},
         {"thread", "string", "Discussion within the corpus", true},
         {"forum", "string", "Forum, as the collector named it", true},
         {"date", "date", "Day of edition", true},
         {"week", "string", "ISO 8601 week of the day of edition", true},
         {"views", "integer", "How often it had been opened on the day of counting", true},
         {"counted", "date", "Day on which the views were counted", true},
         {"theme", "string", "Theme, as coded", true},
         {"product", "string", "Product that the title names; missing when it names none"},
         {"status", "string", "Status of the author who opened it", true, {"new", "regular", "confirmed"}},
         {"author", "string", "Code of that author within this corpus; its key was thrown away", true},
         {"epidemic_word", "boolean", "Whether the title holds one of the default words of the epidemic of 2020 (French and English)", true}},
        {"corpus", "thread"});
}

Table themes_table() {
    return Table("themes", "Themes", "Count against views by theme, of the discussions whose title holds a default word of the epidemic of 2020.",
        {{"corpus", "string", "Corpus, as imported", true},
         {"theme", "string", "Theme, as coded", true},
         {"discussions", "integer", "Discussions of this theme", true},
         {"share", "number", "Of all discussions counted here, 0 to 1", true},
         {"views", "integer", "Views of all of them", true},
         {"views_per_discussion", "number", "Views divided by discussions", true},
         {"opened_by_new", "integer", "Discussions that a new author opened", true},
         {"share_opened_by_new", "number", "Of this theme's discussions, 0 to 1", true},
         {"rank_discussions", "integer", "1: most discussions; equals share a rank", true},
         {"rank_views", "integer", "1: most views; equals share a rank", true}},
        {"corpus", "theme"});
}

void add_discussion(Table& table, const std::string& corpus, const between::Thread& thread, bool kept) {
    table.cell(FreeText{corpus}).cell(thread.id).cell(FreeText{thread.forum}).cell(thread.date).cell(between::iso_week(thread.date).value_or("")).cell(thread.views);
    table.cell(thread.counted).cell(FreeText{thread.theme}).cell(FreeText{thread.product}).cell(between::name_of(thread.status)).cell(thread.author);
    table.cell(std::optional<bool>(kept)).end_row();
}

void add_themes(Table& table, const std::string& corpus, const between::CountTable& counted) {
    using Number = std::optional<double>;
    for (const auto& row : counted.rows) {
        table.cell(FreeText{corpus}).cell(FreeText{row.key}).cell(static_cast<std::int64_t>(row.threads)).cell(Number(row.share)).cell(row.views);
        table.cell(Number(row.views_per_thread)).cell(static_cast<std::int64_t>(row.by_new)).cell(Number(row.share_by_new));
        table.cell(std::int64_t{row.rank_threads}).cell(std::int64_t{row.rank_views}).end_row();
    }
}

}  // namespace

Result<std::vector<Table>> corpus_tables(const records::Study& study) {
    auto corpora = between::read_corpora(study);
    if (!corpora) return std::unexpected(std::move(corpora.error()));
    const between::TitleWords words(between::epidemic_words());
    std::vector<Table> tables{discussions_table(), themes_table()};
    for (const auto& corpus : *corpora) {
        std::vector<between::Thread> kept;
        for (const auto& thread : corpus.threads) {
            const bool in = words.in(thread.title);
            add_discussion(tables[0], corpus.id, thread, in);
            if (in) kept.push_back(thread);
        }
        add_themes(tables[1], corpus.id, between::count_threads(kept, between::CountBy::theme));
    }
    return tables;
}

}  // namespace accalmie::exports
