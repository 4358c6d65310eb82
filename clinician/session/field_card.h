// SPDX-License-Identifier: Apache-2.0
// Owns: the result card of a substance check, in plain words, made from what the ledger kept: verdict, content with its interval, what near
// infrared cannot see, what to do with that. As text and as one HTML page that needs nothing else and reads on a phone.
// Never: calls a product harmless, says how much of anything to take, tells place, week, account or session. A simulated source or model is
// written across it. Errors: a file that cannot be written. Thread: pure but for writing.
#pragma once

#include <string>
#include <vector>

#include "clinician/session/nir_field.h"

namespace accalmie::session {

struct FieldCard {
    std::string language;                  // "fr" or "en"
    std::string title;
    std::string stamp;                     // across the card, and its first line: "SIMULATED"; empty when nothing is simulated
    std::string verdict;                   // in plain words
    std::string content;                   // with interval; empty unless identified
    std::optional<double> value, low, high;
    std::string unit;
    double scale_high = 0;                 // where the drawn bar ends; it begins at 0
    std::vector<std::string> notices;      // simulated models before real spectra
    std::vector<std::string> explanation, limits, advice;
    std::string limits_title, advice_title;
};

FieldCard field_card(const FieldCheck& check, const std::string& language);
std::string field_verdict_words(std::string_view recorded, const std::string& language);   // "none of these" as a person reads it, short
std::string product_words(std::string_view model_id, const std::string& language);         // "simulated reference tablet"
std::string content_words(const FieldCheck& check, const std::string& language);           // "49.8 mg [48.4; 51.2]"; empty without a value
double content_scale(const FieldCheck& check);                                             // 100 for percent, else beyond the interval
std::string text_of(const FieldCard& card);
std::string html_of(const FieldCard& card);
Result<void> write_field_card_html(const FieldCard& card, const std::string& path);

}  // namespace accalmie::session
