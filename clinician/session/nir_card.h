// SPDX-License-Identifier: Apache-2.0
// Owns: the sentences that every NIR card shares (a patient's verification, a substance check): a content only with its interval, why a
// spectrum was refused, what near infrared cannot see. Never: a word that calls a product harmless. Thread: pure. Private to clinician/session.
#pragma once

#include <string>
#include <vector>

#include "device/nir/model.h"

namespace accalmie::session::words {

bool french(const std::string& language);

struct Content {
    double value = 0, low = 0, high = 0;
    std::string unit;
    double error = 0;   // the model's own, in the same unit: how many digits mean something
};
// One digit more than the error, with the language's decimal sign.
std::string number(double value, double error, bool in_french);
std::string content_line(const Content& content, bool in_french);
std::string interval_meaning(bool in_french);   // what "95 % interval" says, in plain words
std::string model_line(const std::string& model_id, bool in_french);
std::string reason_line(const nir::Reason& reason, bool in_french);
std::string measure_again(bool in_french);
std::vector<std::string> limits(bool simulated, bool in_french);

}  // namespace accalmie::session::words
