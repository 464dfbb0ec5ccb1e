#include "nginx/access.h"

#include <array>
#include <optional>

namespace gatehouse::nginx {
namespace {

/// Directives that refuse strangers by themselves, without an auth_request.
constexpr std::array<std::string_view, 12> kOtherGuards{
    "auth_basic",         "auth_jwt",      "auth_digest", "auth_pam",
    "auth_ldap",          "auth_gss",      "secure_link", "access_by_lua_block",
    "access_by_lua_file", "access_by_lua", "js_access",   "ssl_verify_client"};

/// The word of one of nginx's access modules; `none` if it has no line here.
struct Verdict {
  enum class Kind { none, admits, refuses };
  Kind kind = Kind::none;
  std::optional<Step> step;
  std::vector<Refusal> refusals;
};

/// The verdict of `allow` and `deny` for a visitor who is in none of the networks: only a line that
/// means everybody decides.
Verdict by_address(const Level& level) {
  for (const auto* rule : level.list({"allow", "deny"})) {
    if (!is_everybody(rule->argument(0))) continue;
    if (rule->name == "deny") return {Verdict::Kind::refuses, std::nullopt, {{403, rule}}};
    return {Verdict::Kind::admits, Step{Step::Kind::satisfied, &level, rule}, {}};
  }
  return {};
}

Verdict by_another_guard(const Level& level, Visitor::Kind visitor) {
  const Directive* guard = other_guard_of(level);
  if (!guard) return {};
  if (visitor == Visitor::Kind::stranger) {
    return {Verdict::Kind::refuses, std::nullopt, {{401, guard}}};
  }
  return {Verdict::Kind::admits, Step{Step::Kind::asked, &level, guard}, {}};
}

Verdict by_request(const Request& request, Judges& judges, Visitor::Kind visitor) {
  const Directive* line = auth_request_of(*request.level);
  if (!line) return {};
  const Judgement& judgement = judges.of(*request.server, std::string(line->argument(0)));
  if (judgement.kind == Judgement::Kind::yes) {
    return {Verdict::Kind::admits, Step{Step::Kind::taken_for_yes, request.level, line}, {}};
  }
  if (judgement.kind == Judgement::Kind::closed) {
    return {Verdict::Kind::refuses, std::nullopt, {{500, line}}};
  }
  if (visitor == Visitor::Kind::stranger) {
    // The judge answers 401 without a session, 403 without the role, and nginx makes a 500 of an
    // outage. Each may have an error page of its own.
    return {Verdict::Kind::refuses, std::nullopt, {{401, line}, {403, line}, {500, line}}};
  }
  return {Verdict::Kind::admits, Step{Step::Kind::asked, request.level, line}, {}};
}

}  // namespace

bool is_everybody(std::string_view address) {
  return address == "all" || address == "0.0.0.0/0" || address == "::/0";
}

const Directive* auth_request_of(const Level& level) {
  const Directive* line = level.setting("auth_request");
  return line && line->argument(0) != "off" ? line : nullptr;
}

const Directive* other_guard_of(const Level& level) {
  for (const auto name : kOtherGuards) {
    const Directive* guard = level.setting(name);
    if (!guard || guard->argument(0) == "off") continue;
    // "optional" and its like let visitors without a certificate in.
    if (name == "ssl_verify_client" && guard->argument(0) != "on") continue;
    return guard;
  }
  return nullptr;
}

Access access_of(const Request& request, Judges& judges, Visitor::Kind visitor) {
  const Directive* satisfy = request.level->setting("satisfy");
  const bool any = satisfy && satisfy->argument(0) == "any";
  Access access;
  bool admits = false;
  for (auto& verdict : {by_address(*request.level), by_another_guard(*request.level, visitor),
                        by_request(request, judges, visitor)}) {
    if (verdict.kind == Verdict::Kind::admits) {
      const bool by_allow = verdict.step->kind == Step::Kind::satisfied;
      // Without `satisfy any` all must agree, so an `allow` alone lets nobody in.
      if (any || !by_allow) access.steps.push_back(*verdict.step);
      admits = true;
      if (any) break;
    } else if (verdict.kind == Verdict::Kind::refuses) {
      access.refusals.insert(access.refusals.end(), verdict.refusals.begin(),
                             verdict.refusals.end());
    }
  }
  access.admitted = access.refusals.empty() || (any && admits);
  return access;
}

}  // namespace gatehouse::nginx
