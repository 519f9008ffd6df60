import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { Code, Moment } from '../../ui/Words';
import { register, type Asked, type Opening, type State } from './data';
import { Refused } from './Refused';

// What the second person agrees to, in words; their passkey signs exactly this request and no other.
export function Decide({ of, state, onClose, onDone }: { of: Opening; state: State; onClose: () => void; onDone: () => void }) {
  const t = useT();
  const label = useLabel();
  const asked = JSON.parse(of.request) as Asked;
  const decide = useMutation({
    mutationFn: (yes: boolean): Promise<unknown> => (yes ? register.approve(state, of) : register.refuse(of.id)),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="identity-decide">
      <ModalHeader title={t('identity.decide.title')} labelId="identity-decide" description={t('identity.decide.body')} />
      <ModalBody tabIndex={0}>
        {decide.error && <Refused error={decide.error} />}
        <dl className="facts">
          <dt>{t('identity.requester')}</dt>
          <dd>
            <bdi>{of.requester?.name}</bdi>
          </dd>
          <dt>{t('identity.code')}</dt>
          <dd>
            <Code>{asked.code}</Code>
          </dd>
          <dt>{t('identity.case')}</dt>
          <dd>
            <Code>{of.case}</Code>
          </dd>
          <dt>{t('identity.fields')}</dt>
          <dd>{asked.fields.map((f) => t(`identity.field.${f}`)).join(', ')}</dd>
          <dt>{t('identity.purpose')}</dt>
          <dd>{label(state.purposes.find((p) => p.id === asked.purpose)?.label) || asked.purpose}</dd>
          <dt>{t('identity.until')}</dt>
          <dd>
            <Moment at={of.until} />
          </dd>
        </dl>
      </ModalBody>
      <ModalFooter>
        <Button isDisabled={decide.isPending} onClick={() => decide.mutate(true)}>
          <T id="identity.decide.yes" />
        </Button>
        <Button variant="secondary" isDisabled={decide.isPending} onClick={() => decide.mutate(false)}>
          <T id="identity.decide.no" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
