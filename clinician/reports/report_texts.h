// SPDX-License-Identifier: Apache-2.0
// Owns: the words of the report in the languages that the product ships. Private to reports/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clinician/records/projection.h"

namespace accalmie::reports {

class Texts {
public:
    explicit Texts(std::string_view language) : french_(language.starts_with("fr")) {}
    bool french() const { return french_; }
    std::string_view operator()(std::string_view english, std::string_view french) const { return french_ ? french : english; }

    std::string_view outcome(std::string_view recorded) const;
    std::string_view step_kind(protocols::StepKind kind) const;
    std::string why(const records::Segment& segment) const;  // in the report's language where the reason is known as a value
    std::string_view verdict(std::string_view recorded) const;
    std::string clock(std::int64_t t_ms, bool precise = false) const;  // "12:05"; precise: "0,4 s"
    std::string duration(std::int64_t t_ms) const;           // "38 min", "1 h 05 min", "2,0 s"
    std::string date(const std::string& utc) const;          // "23 novembre 2026, 21:10 UTC"
    std::string number(double value, int decimals) const;    // decimal comma in French

private:
    bool french_;
};

}  // namespace accalmie::reports
