// The pages of the package that are no contract: what each is about, in both languages, with the words that are looked
// for. A test holds the table and the files alike.

export const PAGES = {
  'docs/adapters.md': {
    en: 'The guard in Express, Fastify, Hono, Node, Deno, Bun and Workers.',
    'zh-CN': '适配器：在 Express、Fastify、Hono、Node、Deno、Bun 和 Workers 中使用 guard。',
  },
  'docs/ci.md': {
    en: 'In CI: GitHub Actions, pre-commit, GitLab, npm scripts.',
    'zh-CN': '在 CI 中使用：GitHub Actions、pre-commit、GitLab、npm 脚本。',
  },
  'docs/cli.md': {
    en: 'The command line: every command, cases, exit codes, and CI.',
    'zh-CN': '命令行：各条命令、用例、退出码、CI。',
  },
  'docs/client.md': {
    en: 'The client: retry, Retry-After, 429, circuit breaker, rate limit, delivery of webhooks, DPoP, PKCE.',
    'zh-CN': '客户端（发送方）：重试、Retry-After、429、熔断兜底、限流、投递 Webhook、DPoP、PKCE。',
  },
  'docs/config.md': {
    en: 'The configuration, countersign.yaml: packs, parameters, severities, overrides, environment variables.',
    'zh-CN': '配置文件 countersign.yaml：策略包、参数、严重级别、按文件覆盖、环境变量。',
  },
  'docs/dependencies.md': {
    en: 'Every dependency, with its reason.',
    'zh-CN': '每个依赖及其理由。',
  },
  'docs/doctor.md': {
    en: 'Why a signature does not match: the mismatch doctor, `verify --explain`.',
    'zh-CN': '签名不一致的原因：`verify --explain`。',
  },
  'docs/documents.md': {
    en: 'The three documents (Coze, Sub2API, WebHook), chapter by chapter.',
    'zh-CN': '三份文档（Coze、Sub2API、设计WebHook）逐章对照，中文：documents.zh-CN.md。',
    also: ['docs/documents.zh-CN.md'],
  },
  'docs/edge.md': {
    en: 'The guard in front of a handler: every answer, replay, dead letters, logs.',
    'zh-CN': 'guard：处理函数之前的检查、应答、去重、死信、日志。',
  },
  'docs/inputs.md': {
    en: 'What is read: YAML, JSON, JSON Lines, HAR, .http, TOML, INI, env files, Dockerfiles, Terraform plans, SBOMs.',
    'zh-CN': '可读取的输入：YAML、JSON、JSON Lines、HAR、.http、TOML、INI、env、Dockerfile、Terraform 计划、SBOM。',
  },
  'docs/javascript.md': {
    en: 'The JavaScript API: compile, check, sign, shape.',
    'zh-CN': 'JavaScript API：编译、检查、签名、转换。',
  },
  'docs/kubernetes-checks.md': {
    en: 'What the Kubernetes pack has for each check of kube-linter.',
    'zh-CN': 'Kubernetes 策略包与 kube-linter 的逐项对照。',
  },
  'docs/metrics.md': {
    en: 'Metrics for Prometheus and OpenTelemetry, with alerts: latency, errors, saturation.',
    'zh-CN': '指标与监控：Prometheus、OpenTelemetry、告警。',
  },
  'docs/playground.md': {
    en: 'The playground, a page that judges what you paste.',
    'zh-CN': '试验页（playground）：粘贴请求，查看判定与原因。',
  },
  'docs/policies.md': {
    en: 'Policies in Rego: rules, their tests and coverage, data, conftest, templates of Gatekeeper.',
    'zh-CN': '策略：用 Rego 写规则，及其测试、覆盖率、数据，conftest 与 Gatekeeper 模板。',
  },
  'docs/quickstart.md': {
    en: 'Quick start: record a webhook, make it a test, check manifests, let CI do it.',
    'zh-CN': '快速开始：录制 Webhook，写成测试，检查清单，交给 CI。',
  },
  'docs/registry.md': {
    en: 'A registry of many hooks: addresses, notes, keys, receipts, and when to disable a hook.',
    'zh-CN': '多个 Hook 的注册表：地址、备注、密钥、回执、停用。',
  },
  'docs/rego-builtins.md': {
    en: 'The functions of Rego: every function of OPA, and whether policies may call it here.',
    'zh-CN': 'Rego 函数：OPA 的每个函数，以及策略在此能否调用。',
  },
  'docs/retry.md': {
    en: 'Sending again: retry, backoff, Retry-After, 429, circuit breaker, rate limit, negotiation of versions.',
    'zh-CN': '重发：重试、退避、Retry-After、429、熔断、限流、版本协商。',
  },
  'docs/stores.md': {
    en: 'Replay stores: one copy of a message is handled, with Redis, SQL or Durable Objects.',
    'zh-CN': '去重存储：同一条消息只处理一次，Redis、SQL、Durable Objects。',
  },
  'docs/waivers.md': {
    en: 'Waivers, comments that ignore a finding, fingerprints, and baselines: only new findings fail.',
    'zh-CN': '豁免：文件与注释、有效期、指纹；基线：只有新的检查结果才失败。',
  },
  'policies/contracts.md': {
    en: 'The contract language: every part of a contract, and what any contract can find.',
    'zh-CN': '契约语言：契约的每一部分，以及任何契约都可能给出的检查结果。',
  },
  'policies/engines.md': {
    en: 'The engines `dpop` and `rfc9421`: DPoP proofs and HTTP message signatures.',
    'zh-CN': '引擎 `dpop` 和 `rfc9421`：DPoP proof 与 HTTP 消息签名。',
  },
};

/** What READMEs say for a word of the documents, above all those that are in English only. */
export const SYNONYMS = {
  签名: ['signature'],
  鉴权: ['签名', 'signature'],
  去重: ['replayed'],
  幂等: ['去重', 'replayed'],
  重放: ['去重', 'replayed'],
  重试: ['重发'],
  时钟: ['时间戳', 'timestamp'],
  时间戳: ['timestamp'],
  未知字段: ['schema-additional-properties'],
  工单: ['ticket'],
  密钥: ['secret'],
  duplicate: ['replayed'],
};
